"""The words of a message: what stands between braces is filled in for each business."""

import re
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day
from umkm_portal.lib.text import clean_text, has_long_digits

LENGTH = 1000
PLACES = {
    "usaha": lazy("nama usaha"),
    "kelurahan": lazy("kelurahannya"),
    "tautan": lazy("tautan pribadi untuk pemilik"),
    "sampai": lazy("hari terakhir tautan berlaku"),
}
USUAL = lazy(
    "Bapak/Ibu pemilik {usaha} di {kelurahan}, kami dari Diskopindag Kota Malang memastikan data usaha Anda. "
    "Mohon buka tautan ini dan pilih masih aktif atau tidak, tanpa kata sandi, sampai {sampai}:\n{tautan}\n"
    "Bila Anda bukan pemiliknya, abaikan pesan ini. Kami tidak pernah meminta uang atau kode."
)
_PLACE = re.compile(r"\{(\w*)\}")


def refuse_bad(message):
    """Raises Refused message-bad, with the field's message, for a text that cannot be sent."""
    text = clean_text(message or "")
    unknown = [name for name in _PLACE.findall(text) if name not in PLACES]
    problem = None
    if not text:
        problem = _("Tulis pesannya.")
    elif len(text) > LENGTH:
        problem = _("Paling banyak %(most)d huruf.") % {"most": LENGTH}
    elif "{tautan}" not in text:
        problem = _("Pesan harus memuat {tautan}, supaya pemilik dapat menjawab.")
    elif unknown:
        problem = _("Tidak dikenal: {%(name)s}.") % {"name": unknown[0][:30]}
    elif has_long_digits(text):
        problem = _("Jangan tulis NIK atau nomor KK siapa pun di sini.")
    if problem:
        raise Refused("message-bad", problem, fields={"message": problem})


def filled(message, business, *, link="", until=""):
    """`message` in the words for one business."""
    told = {
        "usaha": business.name,
        "kelurahan": business.kelurahan.name if business.kelurahan_id else _("Kota Malang"),
        "tautan": link,
        "sampai": until,
    }
    return _PLACE.sub(lambda found: told.get(found[1], found[0]), clean_text(message))


def worded(message, line, number):
    """The address at wa.me that opens a chat with `number` and the message written."""
    text = filled(message, line.business, link=line.link.address, until=day(line.link.ends_on))
    return f"https://wa.me/{number}?text={quote(text)}"
