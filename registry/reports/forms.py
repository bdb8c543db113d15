"""The shape of a report as the plain form posts it, and of the few words that end one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.regions.models import Region
from registry.reports.models import NAME_LENGTH, NOTE_LENGTH, PLACE_LENGTH
from registry.reports.needs import Need, Urgency
from umkm_portal.lib.text import clean_line, clean_text


class Line(forms.CharField):
    """One line without controls and marks of direction; identity numbers are covered by the verb."""

    def to_python(self, value):
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class Text(forms.CharField):
    def to_python(self, value):
        return super().to_python(clean_text(value) if isinstance(value, str) else value)


def area(rows=3):
    return forms.Textarea(attrs={"rows": rows, "class": "form-control"})


def short_number():
    return forms.TextInput(
        attrs={"inputmode": "numeric", "class": "form-control", "maxlength": 3, "autocomplete": "off"}
    )


class SmallNumber(forms.IntegerField):
    """RT or RW: 1 to 999, or left empty."""

    def __init__(self, **kwargs):
        said = _("Tulis angkanya saja, 1 sampai 999, atau kosongkan.")
        words = dict.fromkeys(("invalid", "min_value", "max_value"), said)
        kwargs = {"required": False, "widget": short_number(), "error_messages": words} | kwargs
        super().__init__(min_value=1, max_value=999, **kwargs)


class ReportForm(forms.Form):
    """At most ten things: business, kelurahan, RT, RW, landmark, need, urgency, note, photo, place."""

    uuid = forms.UUIDField(
        error_messages={"invalid": _("Halaman ini sudah usang. Muat ulang, lalu kirim lagi.")}
    )
    business = forms.UUIDField(required=False)
    kelurahan = forms.ModelChoiceField(
        Region.objects.none(),
        label=_("Kelurahan"),
        to_field_name="code",
        empty_label=_("Pilih kelurahan"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Pilih kelurahannya."), "invalid_choice": _("Pilih kelurahan Anda.")},
    )
    told_name = Line(
        label=_("Nama usaha"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )
    need = forms.ChoiceField(
        label=_("Kebutuhan"),
        choices=Need.choices,
        widget=forms.RadioSelect(attrs={"class": "visually-hidden"}),
        error_messages={"required": _("Pilih kebutuhannya.")},
    )
    urgency = forms.TypedChoiceField(
        label=_("Kemendesakan"),
        choices=Urgency.choices,
        coerce=int,
        initial=Urgency.ORDINARY,
        widget=forms.RadioSelect(attrs={"class": "visually-hidden"}),
    )
    note = Text(label=_("Catatan"), required=False, max_length=NOTE_LENGTH, widget=area())
    photo = forms.FileField(label=_("Foto"), required=False)
    photo_file = forms.FileField(required=False)
    rt = SmallNumber(label="RT")
    rw = SmallNumber(label="RW")
    told_place = Line(
        label=_("Patokan"),
        required=False,
        max_length=PLACE_LENGTH,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    latitude = forms.DecimalField(required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(
        required=False, min_value=-180, max_value=180, max_digits=9, decimal_places=6
    )
    accuracy_m = forms.IntegerField(required=False, min_value=0, max_value=100_000)

    def __init__(self, *args, kelurahan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kelurahan"].queryset = kelurahan

    def clean(self):
        told = super().clean()
        if (told.get("latitude") is None) != (told.get("longitude") is None):
            told["latitude"] = told["longitude"] = None
        return told


class PhotoForm(forms.Form):
    """A photo after the text, from the page of a report."""

    photo = forms.FileField(
        label=_("Foto"),
        error_messages={"required": _("Pilih fotonya."), "empty": _("Berkas foto kosong. Pilih foto lain.")},
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "class": "form-control"}),
    )


class WithdrawForm(forms.Form):
    """Why a report is taken back; nobody has to say."""

    reason = Text(label=_("Alasan"), required=False, max_length=NOTE_LENGTH, widget=area(2))
