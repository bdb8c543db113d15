"""What the pages of acts on one business ask. Facts are checked by the one door, not here."""

from django import forms
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from registry.businesses import choices
from registry.people.models import Person
from registry.submissions.forms import SecretInput


def _day(**kwargs):
    return forms.DateField(
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Tanggal ini tidak dikenali.")},
        **kwargs,
    )


def _words(label, *, required=False, rows=3, help_text="", error_messages=None):
    return forms.CharField(
        label=label,
        required=required,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Isian ini wajib."), **(error_messages or {})},
    )


def put(form, messages):
    """Put the door's messages ({"owner.phone": text}) at the fields of `form`, the others on top."""
    for name, text in messages.items():
        inner = name.rpartition(".")[2]
        place = inner if inner in form.fields else None
        if text not in form.errors.get(place or "__all__", ()):  # one number may be two facts: said once
            form.add_error(place, text)


class ReasonForm(forms.Form):
    """Why."""

    reason = _words(_("Alasan"), required=True, help_text=_("Dibaca verifikator dan tersimpan di riwayat."))


class DeclineForm(forms.Form):
    """Why the receiving kelurahan does not take a business over."""

    reason = _words(
        _("Alasan, dibaca pengirim"),
        required=True,
        rows=2,
        error_messages={"required": _("Tulis alasannya.")},
    )


class UnchangedForm(forms.Form):
    """Why something sent back is sent again as it is."""

    why = _words(
        _("Mengapa tidak diubah?"),
        required=True,
        help_text=_("Misalnya: nomornya sudah dicocokkan lagi dengan dokumen. Dibaca verifikator."),
    )


STATES = (
    (choices.OperatingState.ACTIVE.value, _("Aktif")),
    (choices.OperatingState.TEMPORARY.value, _("Tutup sementara, akan buka lagi")),
    (choices.OperatingState.SEASONAL.value, _("Musiman, buka pada bulan tertentu")),
    (choices.OperatingState.CLOSED.value, _("Tutup permanen")),
)


class StateForm(forms.Form):
    """In which state the business is."""

    operating_state = forms.ChoiceField(
        label=_("Keadaan sekarang"),
        choices=STATES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih keadaannya.")},
    )
    season_months = forms.MultipleChoiceField(
        label=_("Bulan buka"),
        choices=[(str(n), name) for n, name in MONTHS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Hanya untuk usaha musiman."),
    )
    note = _words(_("Keterangan"), help_text=_("Sejak kapan, dan dari siapa Anda tahu."))

    def clean(self):
        asked = super().clean()
        if asked.get("operating_state") == "seasonal" and not asked.get("season_months"):
            self.add_error("season_months", _("Pilih bulan-bulan usaha ini buka."))
        return asked

    def values(self):
        """{field: raw} for the one door."""
        state = self.cleaned_data["operating_state"]
        months = [int(n) for n in self.cleaned_data["season_months"]] if state == "seasonal" else []
        return {"operating_state": state, "season_months": months}


class OwnerForm(forms.Form):
    """Who stops owning the business, who owns it from now on, since when."""

    ends = forms.MultipleChoiceField(
        label=_("Tidak lagi memiliki usaha ini"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih siapa yang tidak lagi memiliki usaha ini.")},
    )
    name = forms.CharField(
        label=_("Nama pemilik baru"),
        help_text=_("Sesuai KTP."),
        error_messages={"required": _("Tulis nama pemilik baru, atau pilih orang yang sudah tercatat.")},
    )
    phone = forms.CharField(
        label=_("Telepon pemilik baru"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    phone_of = forms.ChoiceField(
        label=_("Nomor ini milik"),
        required=False,
        choices=[("", _("Belum diketahui")), *choices.PhoneOf.choices],
        help_text=_("Nomor orang lain tidak pernah ditampilkan."),
    )
    nik_answer = forms.ChoiceField(
        label=_("NIK pemilik baru"),
        required=False,
        choices=[("", _("Belum ditanyakan")), *Person.NikAnswer.choices],
    )
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        help_text=_("16 angka dari KTP. Disimpan terkunci; hanya 4 angka terakhir yang tampil."),
        widget=SecretInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Peran"), choices=choices.OwnerRole.choices, initial="owner")
    for_business = forms.BooleanField(
        label=_("Pakai nomor ini juga sebagai telepon usaha"), required=False, initial=True
    )
    on = _day(label=_("Berlaku sejak"))
    note = _words(_("Keterangan"), help_text=_("Misalnya: diwariskan kepada anak, dibeli, surat keterangan."))

    OF_NEW = ("name", "phone", "phone_of", "nik_answer", "nik")

    def __init__(self, *args, owners=(), person=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["ends"].choices = [(str(row.person.uuid), row.person.name) for row in owners]
        if not owners:
            del self.fields["ends"]
        elif len(owners) == 1:
            self.fields["ends"].initial = [str(owners[0].person.uuid)]
        if person is not None:
            for name in self.OF_NEW:
                del self.fields[name]
            if not person.phone or person.phone_of not in ("", "owner"):
                del self.fields["for_business"]

    def clean(self):
        asked = super().clean()
        owners = [key for key, _name in self.fields["ends"].choices] if "ends" in self.fields else []
        if self.person is not None and str(self.person.uuid) in owners:
            self.add_error(None, _("Orang ini sudah tercatat sebagai pemilik usaha ini."))
        if asked.get("on") and asked["on"] > timezone.localdate():
            self.add_error("on", _("Tanggalnya tidak boleh di masa depan."))
        return asked


class RecogniseForm(forms.Form):
    """Since when, and what speaks for it."""

    on = _day(label=_("Sejak"))
    note = _words(_("Keterangan"), rows=2, help_text=_("Misalnya nama kegiatan kurasi atau pendampingnya."))


class UnrecogniseForm(forms.Form):
    """Why it no longer holds."""

    reason = _words(_("Alasan"), required=True, rows=2)
