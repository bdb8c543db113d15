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
