"""Product pictures drawn by code: plain shapes on a shelf, so that no photograph of anybody is needed."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (960, 720)
GROUNDS = ["#f3e0d2", "#e3ecdc", "#f5e9c9", "#dde9ec", "#efe0e6", "#e8e4d8"]
COLOURS = ["#c46a37", "#7d9a4f", "#d9a441", "#1f6a7d", "#a34a5e", "#8a6d4b", "#5b7f95"]


def draw_picture(kind, seed):
    """A JPEG upload showing one kind of product (a key of SHAPES)."""
    chance = random.Random(f"{kind}-{seed}")
    image = Image.new("RGB", SIZE, chance.choice(GROUNDS))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 590, 960, 720), fill="#b98e63")
    pen.rectangle((0, 590, 960, 606), fill="#a67c53")
    main, other = chance.sample(COLOURS, 2)
    for left in chance.choice([[330], [170, 500], [20, 330, 640]]):
        SHAPES.get(kind, shop)(pen, left, chance.choice([main, main, other]))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return SimpleUploadedFile(f"{kind}.jpg", buffer.getvalue(), "image/jpeg")


def bag(pen, x, colour):
    pen.rounded_rectangle((x, 250, x + 260, 592), 18, fill=colour)
    pen.rectangle((x, 250, x + 260, 282), fill="#00000033")
    pen.ellipse((x + 70, 360, x + 190, 480), fill="#fbf3e4")
    for dx, dy in ((95, 390), (130, 420), (110, 445), (150, 385)):
        pen.ellipse((x + dx, dy, x + dx + 18, dy + 14), fill="#d9b26a")


def block(pen, x, colour):
    pen.polygon([(x, 470), (x + 220, 430), (x + 290, 500), (x + 70, 545)], fill="#f4ead6")
    pen.polygon([(x, 470), (x + 70, 545), (x + 70, 592), (x, 520)], fill="#dccba6")
    pen.polygon([(x + 70, 545), (x + 290, 500), (x + 290, 548), (x + 70, 592)], fill="#cdb98d")
    pen.polygon([(x - 30, 560), (x + 120, 500), (x + 60, 592)], fill="#6f8f45")


def cake(pen, x, colour):
    pen.rounded_rectangle((x, 400, x + 270, 592), 26, fill="#e8c48a")
    pen.rounded_rectangle((x, 360, x + 270, 450), 30, fill=colour)
    for dx in (40, 120, 200):
        pen.ellipse((x + dx, 335, x + dx + 34, 369), fill="#b0122f")


def bowl(pen, x, colour):
    pen.pieslice((x, 330, x + 300, 640), 0, 180, fill=colour)
    pen.ellipse((x, 450, x + 300, 520), fill="#f7e6c4")
    for dx in (60, 130, 190):
        pen.ellipse((x + dx, 440, x + dx + 60, 500), fill="#8a6d4b")


def cup(pen, x, colour):
    pen.rounded_rectangle((x + 30, 360, x + 230, 592), 24, fill="#fdfaf4")
    pen.arc((x + 200, 410, x + 290, 520), -90, 90, fill="#fdfaf4", width=22)
    pen.ellipse((x + 30, 340, x + 230, 390), fill="#5a3a22")
    pen.rectangle((x + 30, 470, x + 230, 500), fill=colour)


def cloth(pen, x, colour):
    pen.rectangle((x, 250, x + 270, 592), fill=colour)
    for row in range(4):
        for column in range(3):
            cx, cy = x + 45 + column * 90, 295 + row * 82
            pen.ellipse((cx - 26, cy - 26, cx + 26, cy + 26), outline="#f7ead0", width=7)
            pen.ellipse((cx - 8, cy - 8, cx + 8, cy + 8), fill="#f7ead0")


def chair(pen, x, colour):
    pen.rounded_rectangle((x + 30, 230, x + 250, 440), 40, outline=colour, width=22)
    pen.rectangle((x + 20, 440, x + 260, 476), fill=colour)
    for dx in (30, 236):
        pen.rectangle((x + dx, 476, x + dx + 18, 592), fill=colour)


def racket(pen, x, colour):
    pen.ellipse((x + 60, 210, x + 250, 440), outline=colour, width=14)
    for step in range(7):
        pen.line((x + 85 + step * 24, 235, x + 85 + step * 24, 415), fill="#ffffffcc", width=3)
        pen.line((x + 78, 250 + step * 24, x + 234, 250 + step * 24), fill="#ffffffcc", width=3)
    pen.rectangle((x + 146, 438, x + 164, 592), fill="#3c2f26")


def pot(pen, x, colour):
    pen.ellipse((x + 20, 370, x + 270, 600), fill=colour)
    pen.rectangle((x + 95, 300, x + 195, 400), fill=colour)
    pen.ellipse((x + 80, 285, x + 210, 320), fill="#00000040")
    pen.line((x + 25, 470, x + 265, 470), fill="#fff2dc", width=8)


def shop(pen, x, colour):
    pen.rectangle((x, 380, x + 300, 592), fill="#fdfaf4")
    for index in range(6):
        pen.rectangle(
            (x + index * 50, 300, x + index * 50 + 50, 390), fill=colour if index % 2 else "#ffffff"
        )
    pen.rectangle((x + 190, 450, x + 260, 592), fill="#8a6d4b")
    pen.rectangle((x + 40, 450, x + 150, 530), fill="#c5dee4")


SHAPES = {
    "bag": bag, "block": block, "cake": cake, "bowl": bowl, "cup": cup, "cloth": cloth, "chair": chair,
    "racket": racket, "pot": pot, "shop": shop,
}  # fmt: skip
