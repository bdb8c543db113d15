"""What an owner answers by link, and what a queue of messages is made of."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.checks.models import Check
from registry.outreach.links import ANSWERS
from registry.outreach.messages import LENGTH, USUAL
from registry.outreach.models import TITLE_LENGTH
from umkm_portal.lib.phones import phone_digits
from umkm_portal.lib.text import clean_line, clean_text, has_long_digits

WORDS = {
    Check.Answer.ACTIVE: _("Masih aktif"),
    Check.Answer.TEMPORARY: _("Tutup sementara"),
    Check.Answer.CLOSED: _("Sudah tutup, tidak buka lagi"),
}


class Plain(forms.CharField):
    """Text as people type it, without what nobody types on purpose and without identity numbers."""

    def __init__(self, *, one_line=True, **kwargs):
        self.clean_words = clean_line if one_line else clean_text
        super().__init__(required=False, **kwargs)

    def to_python(self, value):
        return super().to_python(self.clean_words(value) if isinstance(value, str) else value)

    def validate(self, value):
        super().validate(value)
        if has_long_digits(value):
            raise ValidationError(
                _("Jangan tulis NIK atau nomor KK di sini. Kami tidak memintanya."), code="identity-number"
            )


class OwnerForm(forms.Form):
    """Masih aktif, and what changed."""

    answer = forms.ChoiceField(
        label=_("Apakah usaha ini masih berjalan?"),
        choices=[(value.value, WORDS[value]) for value in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu.")},
    )
    phone = Plain(
        label=_("Nomor telepon atau WhatsApp yang benar"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    opening_hours = Plain(
        label=_("Jam buka yang benar"), max_length=200, help_text=_("Misalnya: Senin–Sabtu 08.00–16.00.")
    )
    address = Plain(
        label=_("Alamat usaha yang benar"),
        max_length=500,
        one_line=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )

    def clean_phone(self):
        told = self.cleaned_data["phone"]
        if told and not phone_digits(told):
            raise ValidationError(_("Nomor ini tidak dikenali. Tulis seperti 0812-3456-7890."))
        return told

    def corrections(self):
        return {name: self.cleaned_data.get(name, "") for name in ("phone", "opening_hours", "address")}


class QueueForm(forms.Form):
    """A name for the queue and the message."""

    title = forms.CharField(label=_("Nama antrean"), max_length=TITLE_LENGTH)
    message = forms.CharField(
        label=_("Pesan"),
        max_length=LENGTH,
        initial=USUAL,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("{usaha}, {kelurahan}, {tautan} dan {sampai} terisi sendiri untuk tiap usaha."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)


class AnsweredForm(forms.Form):
    """What the owner wrote back."""

    answer = forms.ChoiceField(
        label=_("Jawaban"),
        choices=[c for c in Check.Answer.choices if c[0] != Check.Answer.NOT_FOUND],
    )
