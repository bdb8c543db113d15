"""The picture that WhatsApp shows beside a link to a business: drawn from public facts only.

1200 × 630, JPEG under 300 KB (WhatsApp leaves larger ones out). On the left name, what is sold and where;
on the right the photo if the owner agreed to photos, else the city in tiles with this kelurahan filled.
"""

import io
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

from umkm_portal.lib.text import clean_line

DESIGN = 1  # moves whenever the drawing changes, so that kept pictures are drawn again
SIZE = (1200, 630)
MAX_BYTES = 300_000
EDGE = 64
PICTURE_WIDTH = 460
TEXT_WIDTH = SIZE[0] - PICTURE_WIDTH - 2 * EDGE
TITLE = "UMKM Kota Malang"
FONT = "fonts/plus-jakarta-sans-latin-wght-normal.woff2"

CITY, CITY_DEEP, CLAY, WHITE, SOFT = "#0e4c5c", "#0a3a47", "#ec9a6b", "#ffffff", "#c5dee4"
TILE, TILE_NEAR, TILE_HERE = "#1b5c6d", "#3f8494", "#ec9a6b"


@lru_cache(maxsize=16)
def _font(size, weight):
    font = ImageFont.truetype(str(Path(settings.BASE_DIR) / "static" / FONT), size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=2048)
def _is_drawn(letter):
    """Whether the font has this letter: what it lacks comes out as the same empty box."""
    font = _font(32, 500)
    return letter == " " or bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff"))


def drawable(text):
    """`text` on one line, in letters the font has: marks fall off letters it lacks, the rest is left out."""
    found = []
    for letter in clean_line(text):
        if _is_drawn(letter):
            found.append(letter)
        else:
            found += [part for part in unicodedata.normalize("NFKD", letter) if _is_drawn(part)]
    return " ".join("".join(found).split())


def wrapped(text, font, width, lines):
    """`text` broken into at most `lines` lines of `width` pixels, cut with an ellipsis where it must be."""
    found, words = [], text.split()
    while words and len(found) < lines:
        line = words.pop(0)
        if font.getlength(line) > width:  # one word wider than the card: broken where it fits
            cut = next((n for n in range(len(line), 0, -1) if font.getlength(line[:n]) <= width), 1)
            words.insert(0, line[cut:])
            found.append(line[:cut])
            continue
        while words and font.getlength(f"{line} {words[0]}") <= width:
            line += " " + words.pop(0)
        found.append(line)
    if words and found:
        last = found[-1]
        while last and font.getlength(last.rstrip(" ,.") + "…") > width:
            last = last[:-1]
        found[-1] = last.rstrip(" ,.") + "…"
    return found


def draw(*, name, what, place, city_map, photo=None):
    """The card as JPEG bytes. `city_map` is a TileMap with steps 0, 1 (near) and 5 (here); `photo` bytes."""
    card = Image.new("RGB", SIZE, CITY)
    pen = ImageDraw.Draw(card)
    left = SIZE[0] - PICTURE_WIDTH
    if photo is None or not _paste_photo(card, photo, left):
        pen.rectangle((left, 0, *SIZE), fill=CITY_DEEP)
        _draw_city(pen, city_map, left)
    pen.rectangle((EDGE, 68, EDGE + 56, 74), fill=CLAY)
    pen.text((EDGE, 92), TITLE, font=_font(26, 600), fill=SOFT)
    _draw_words(pen, name, what, place)
    for quality in (86, 74, 60):
        out = io.BytesIO()
        card.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() < MAX_BYTES:
            break
    return out.getvalue()


def _draw_words(pen, name, what, place):
    """Name, what is sold and place, together in the middle of the height that is left."""
    name = drawable(name) or drawable(what) or drawable(place)
    for size in (68, 56, 46, 40):
        names = wrapped(name, _font(size, 750), TEXT_WIDTH, 4)
        if len(names) <= 3 and not names[-1].endswith("…"):
            break
    small = _font(32, 450)
    whats = wrapped(drawable(what), small, TEXT_WIDTH, 2) if drawable(what) != name else []
    step, small_step = round(size * 1.16), 44
    height = len(names) * step + (len(whats) * small_step + 20 if whats else 0)
    y = max(150, 150 + (530 - 150 - height) // 2)
    for line in names:
        pen.text((EDGE, y), line, font=_font(size, 750), fill=WHITE)
        y += step
    y += 20
    for line in whats:
        pen.text((EDGE, y), line, font=small, fill=SOFT)
        y += small_step
    where = wrapped(drawable(place), _font(28, 600), TEXT_WIDTH, 1)
    pen.text((EDGE, SIZE[1] - EDGE - 34), where[0] if where else "", font=_font(28, 600), fill=WHITE)


def _paste_photo(card, photo, left):
    """Fill the right side with the photo, cut to fit. False when the file can not be read."""
    try:
        picture = Image.open(io.BytesIO(photo), formats=["JPEG"])
        picture.draft("RGB", (PICTURE_WIDTH * 2, SIZE[1] * 2))
        fitted = ImageOps.fit(picture.convert("RGB"), (PICTURE_WIDTH, SIZE[1]), Image.Resampling.LANCZOS)
    except (OSError, ValueError):
        return False
    card.paste(fitted, (left, 0))
    return True


def _draw_city(pen, city, left):
    if not city.tiles:
        return
    scale = min((PICTURE_WIDTH - 72) / city.width, (SIZE[1] - 110) / city.height)
    x0 = left + (PICTURE_WIDTH - city.width * scale) / 2
    y0 = (SIZE[1] - city.height * scale) / 2
    for tile in city.tiles:
        fill = {5: TILE_HERE, 1: TILE_NEAR}.get(tile.step, TILE)
        x, y = x0 + tile.x * scale, y0 + tile.y * scale
        box = (x, y, x + city.tile_width * scale, y + city.tile_height * scale)
        pen.rounded_rectangle(box, radius=max(2, round(6 * scale)), fill=fill)
