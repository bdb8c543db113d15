"""Every field of the entry form with what a stranger would try: a message at the field or a cleaned value,
the rest of the form kept, never an error page. Made from the tables of businesses/fields.py, so that a new
field is covered by itself.
"""

import io
import re
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from registry.businesses import cleaning, fields
from registry.models import Attachment, Submission
from registry.submissions.forms import ROWS
from registry.submissions.offers import NOT_ON_THE_PAGE
from tests.registry.submissions.entry import inputs, signed_in

pytestmark = pytest.mark.django_db
NEW = "/usaha/baru/"
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
HOSTILE = {
    "control": "Keripik\u0007\u001b[31m",
    "bidi": "Keripik\u202egpj.exe\u2066",
    "zero-width": "Ke\u200bri\u200dpik\ufeff",
    "look-alike": "Kеriрik Τеmре",  # Cyrillic and Greek letters among the Latin ones
    "excel-number": "3.57302E+15",
    "full-width": "１２３４５６",
    "far-date": "2205-12-31",
    "no-date": "2026-02-30",
    "script-link": "javascript:alert(1)",
    "data-link": "data:text/html,<script>alert(1)</script>",
    "markup": '"><script>alert(1)</script>',
    "sql": "'; DROP TABLE registry_business; --",
    "endless": "x" * 20_000,
    "identity": "3573015508800007",
    "huge-number": "9" * 40,
    "negative": "-1",
    "infinite": "NaN",
    "lines": "a\r\nb\u2028c",
    "emoji": "🍜" * 40,
    "lone-surrogate": "a\ud800b".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
}
TOGETHER = {"latitude", "longitude", "scale", "scale_basis"}  # one of a pair is not kept alone
KEPT = {"name": "Keripik Sanan", "activity": "keripik tempe", "kelurahan": "35.73.01.1007"}


def page_fields():
    """Every field on the page: those of the business, and those of each kind of row."""
    for name in fields.BUSINESS:
        if name not in NOT_ON_THE_PAGE and name not in ("operating_state", "season_months"):
            yield name, fields.BUSINESS[name]
    for kind in ("owner", "licence", "product"):
        for name in (n for group in ROWS[kind] for n in group):
            index = 1 if kind == "licence" and name == "expires_on" else 0  # an NIB does not end
            yield f"{kind}-{index}-{name}", fields.ITEMS[kind][name]
    yield "owner-0-nik", None


def stored_text(submission):
    return "\n".join(map(str, (submission.values, submission.items, submission.note, submission.title)))


def refused(spec, value):
    """Whether the table itself refuses this value; then the page has to say so at the field."""
    try:
        spec.cleaned(value)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("what", list(HOSTILE))
def test_hostile_values_in_every_field_at_once_are_named_or_cleaned(client, operator, what):
    value, sent = HOSTILE[what], inputs(signed_in(client, operator).get(NEW))
    for name, _spec in page_fields():
        assert name in sent or name.endswith(("is_estimate", "opt_out")), f"{name} is not on the page"
    answer = client.post(
        NEW, sent | {name: value for name, _spec in page_fields()} | KEPT | {"do": "autosave"}
    )

    assert answer.status_code == 200
    said, submission = answer.json()["errors"], Submission.objects.get()
    kept = {name: pair[1] for name, pair in submission.values.items()}
    assert {name: kept[name] for name in KEPT} == KEPT
    text = stored_text(submission)
    assert not INVISIBLE.search(text)
    assert HOSTILE["identity"] not in text and "javascript:" not in kept.get("website", "")
    for name, spec in page_fields():
        if spec is None or name in KEPT or name == "kbli" or spec.clean is cleaning.boolean:
            continue  # a ticked box is a ticked box, whatever it says
        if refused(spec, value) or spec.clean is cleaning.slug:  # well formed perhaps, but in no table
            assert said.get(f"id_{name}"), name
            assert kept.get(name) is None, name
        elif name in fields.BUSINESS and name not in TOGETHER:
            assert kept.get(name, spec.empty) == spec.cleaned(value), name
    assert all(len(message) < 200 and "3573015508800007" not in message for message in said.values())


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("what", ["control", "bidi", "endless", "identity", "markup"])
def test_a_hostile_value_in_a_required_field_keeps_the_others(client, petugas, name, what):
    sent = inputs(signed_in(client, petugas).get(NEW)) | KEPT | {"address": "Jl. Sanan 47", "do": "send"}
    answer = client.post(NEW, sent | {name: HOSTILE[what]})

    submission = Submission.objects.get()
    kept = {n: pair[1] for n, pair in submission.values.items()}
    assert kept["address"] == "Jl. Sanan 47"
    assert {n: kept[n] for n in KEPT if n != name} == {n: v for n, v in KEPT.items() if n != name}
    if answer.status_code == 302:
        assert not INVISIBLE.search(kept[name])
    else:
        page = answer.content.decode()
        assert "perlu diperbaiki" in page and "field-error" in page and "<script>alert" not in page


@pytest.mark.parametrize("name", ["founded_year", "licence-0-issued_on", "licence-1-expires_on"])
def test_a_day_in_2205_is_refused_in_words(client, petugas, name):
    data = inputs(signed_in(client, petugas).get(NEW)) | KEPT
    value = "2205" if name == "founded_year" else "2205-01-01"
    page = client.post(NEW, data | {name: value, "do": "send"}).content.decode()

    assert re.search("Tahun harus antara|masa depan|terlalu jauh di depan", page)
    assert f'value="{value}"' in page


@pytest.mark.parametrize(
    "sent", ["stamp", "asal", "page", "token", "kbli_pick", "owner-0-uuid", "photos_uuid"]
)
def test_what_the_page_itself_carries_may_be_anything(client, petugas, sent):
    for value in ("", "\u202e=" + "=" * 3000, "00000000-0000-0000-0000-00000000000g"):
        data = inputs(signed_in(client, petugas).get(NEW)) | KEPT | {sent: value, "do": "autosave"}
        assert client.post(NEW, data | {"photos": small_photo()}).status_code == 200, value


# ---- photos ----------------------------------------------------------------------------------------------


def small_photo(exif=None):
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, "JPEG", **({"exif": exif} if exif else {}))
    return SimpleUploadedFile("foto.jpg", buffer.getvalue(), "image/jpeg")


def bomb():
    """A PNG that says it is 50,000 x 50,000 pixels in a few kilobytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 6251 * 40)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return SimpleUploadedFile("besar.png", data, "image/png")


FILES = {
    "bomb": bomb,
    "svg": lambda: SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
    "html-as-jpg": lambda: SimpleUploadedFile("foto.jpg", b"<html><script>1</script>", "image/jpeg"),
    "broken": lambda: SimpleUploadedFile("foto.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 200, "image/jpeg"),
    "empty": lambda: SimpleUploadedFile("foto.jpg", b"", "image/jpeg"),
    "odd-name": lambda: SimpleUploadedFile("../../a\u202egpj.php", b"GIF89a", "image/gif"),
}


@pytest.mark.parametrize("do", ["draft", "autosave"])
@pytest.mark.parametrize("kind", list(FILES))
def test_a_file_that_is_no_photo_is_named_at_its_field(client, petugas, kind, do):
    data = inputs(signed_in(client, petugas).get(NEW)) | KEPT
    answer = client.post(NEW, data | {"photos": [FILES[kind](), small_photo()], "do": do})

    assert answer.status_code == 200
    if do == "autosave":
        assert answer.json()["errors"]["id_photos"]
    else:
        assert "field-error" in answer.content.decode()
    assert Submission.objects.get().proposed("name") == KEPT["name"]
    assert Attachment.objects.count() == 1  # the good one beside it


def test_a_photo_loses_where_it_was_taken(client, petugas):
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (7.0, 58.0, 0.0), 3: "E", 4: (112.0, 38.0, 0.0)}
    exif[0x010F] = "KameraRahasia"
    data = inputs(signed_in(client, petugas).get(NEW)) | KEPT
    client.post(NEW, data | {"photos": small_photo(exif.tobytes()), "do": "autosave"})

    with Attachment.objects.get().file.open() as file:
        content = file.read()
    assert b"KameraRahasia" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
