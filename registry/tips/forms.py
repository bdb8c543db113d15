"""The public form, and what tells a person from a machine without asking either for an account."""

import time

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.tips.models import CONTACT_LENGTH, REASON_LENGTH, WORDS_LENGTH, Tip
from umkm_portal.lib.text import clean_line, clean_text, has_long_digits

SALT = "registry.tips.stamp"
QUICKEST = 3  # seconds; nobody reads the page, chooses and writes in less
LONGEST = 12 * 60 * 60


def new_stamp(business):
    """A signed note of when the form was opened, and for which business."""
    return signing.dumps({"of": str(business.uuid), "at": int(time.time())}, salt=SALT)


def stamp_problem(stamp, business):
    """What is wrong with a stamp: "" for nothing, "quick", or "old" (also one that is not ours)."""
    try:
        told = signing.loads(stamp, salt=SALT, max_age=LONGEST)
        age = time.time() - told["at"]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return "old"
    if told.get("of") != str(business.uuid) or age < 0:
        return "old"
    return "quick" if age < QUICKEST else ""


class Words(forms.CharField):
    """Text without what nobody types on purpose (controls, NUL, marks that turn the reading direction)."""

    def __init__(self, *, one_line=False, **kwargs):
        self.clean_words = clean_line if one_line else clean_text
        limit = kwargs["max_length"]
        kwargs["error_messages"] = {
            "required": _("Isian ini wajib."),
            "max_length": _("Paling banyak %(limit_value)d huruf; tulisan Anda %(show_value)d huruf."),
        } | kwargs.get("error_messages", {})
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] = limit

    def to_python(self, value):
        return super().to_python(self.clean_words(value) if isinstance(value, str) else value)

    def validate(self, value):
        super().validate(value)
        if has_long_digits(value):
            raise ValidationError(
                _("Jangan tulis NIK atau nomor KK siapa pun di sini. Hapus nomor itu, lalu kirim lagi."),
                code="identity-number",
            )


class TipForm(forms.Form):
    """What is wrong, in which words, and how to ask back."""

    kind = forms.ChoiceField(
        label=_("Apa yang perlu kami ketahui?"),
        choices=Tip.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih salah satu."),
            "invalid_choice": _("Pilih salah satu dari daftar."),
        },
    )
    words = Words(
        label=_("Keterangan"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Misalnya sejak kapan tutup, pindah ke mana, atau nomor yang benar. Jangan tulis NIK."),
    )
    contact = Words(
        label=_("Kontak Anda"),
        max_length=CONTACT_LENGTH,
        required=False,
        one_line=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Nomor WhatsApp atau surel, bila petugas boleh bertanya. Dihapus 30 hari setelah ditangani."
        ),
    )
    # Nobody sees this one; machines fill in whatever has a name.
    website = forms.Field(required=False, widget=forms.TextInput)
    stamp = forms.Field(required=False, widget=forms.HiddenInput)

    NEEDS_WORDS = (Tip.Kind.MOVED, Tip.Kind.WRONG, Tip.Kind.OTHER)

    def __init__(self, *args, business, **kwargs):
        super().__init__(*args, **kwargs)
        self.business = business
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    def clean(self):
        asked = super().clean()
        if asked.get("kind") in self.NEEDS_WORDS and not asked.get("words") and "words" not in self.errors:
            self.add_error("words", _("Tulis apa yang berubah, supaya petugas tahu apa yang diperiksa."))
        problem = "full" if asked.get("website") else stamp_problem(asked.get("stamp") or "", self.business)
        if problem and not self.errors:
            self.add_error(None, self.SAID[problem])
        return asked

    SAID = {
        "full": _("Laporan belum terkirim. Periksa isiannya, lalu tekan Kirim sekali lagi."),
        "quick": _(
            "Laporan belum terkirim karena terlalu cepat. Tunggu beberapa detik, lalu tekan Kirim lagi."
        ),
        "old": _("Halaman ini sudah terlalu lama terbuka. Isian Anda masih ada; tekan Kirim sekali lagi."),
    }

    def fresh(self):
        """The form as sent, to be shown again: with a new stamp, and the field nobody sees empty."""
        self.data = self.data.copy()
        self.data["stamp"], self.data["website"] = new_stamp(self.business), ""
        return self


class DismissForm(forms.Form):
    """Why nothing comes of it."""

    reason = Words(
        label=_("Alasan"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: sudah didatangi, usahanya masih buka. Tersimpan di riwayat usaha."),
    )
