"""What is typed into a monthly report: a note, the letter, a reason."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.monthly.models import NOTE_LENGTH, NUMBER_LENGTH, REASON_LENGTH


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Catatan"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Yang tidak terbaca dari angka. Jangan menulis NIK atau nomor telepon."),
    )


class SignForm(forms.Form):
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=NUMBER_LENGTH)
    letter_on = forms.DateField(
        label=_("Tanggal surat"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Alasan"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnForm(ReasonForm):
    prefix = "kembali"


class CorrectForm(ReasonForm):
    prefix = "koreksi"
