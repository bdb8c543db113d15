"""What the pages of this room let people fill in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.people.identity import digits, nik_problem


class LookupForm(forms.Form):
    """An exact NIK, read from the KTP in hand. Only ever posted."""

    nik = forms.CharField(
        label="NIK",
        max_length=40,
        help_text=_("16 angka dari KTP yang sedang Anda pegang. Pencarian ini dicatat."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )

    def clean_nik(self):
        typed = self.cleaned_data["nik"]
        if problem := nik_problem(typed):
            raise ValidationError(problem)
        return digits(typed)


class RevealForm(forms.Form):
    """What is opened, why, and on which activity's account."""

    what = forms.ChoiceField(label=_("Yang dibuka"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: mencocokkan penerima bantuan dengan KTP. Jangan menulis NIK di sini."),
    )
    activity = forms.CharField(
        label=_("Nomor kegiatan atau surat"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        kept = [("nik", "NIK", person.nik_sealed), ("kk", _("Nomor KK"), person.kk_sealed)]
        self.fields["what"].choices = [(key, label) for key, label, sealed in kept if sealed]
        if self.fields["what"].choices:
            self.fields["what"].initial = self.fields["what"].choices[0][0]
