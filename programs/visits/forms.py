"""What the pages of visits, follow-ups and mentoring ask. Rules are the verbs'; shapes are checked here."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.partners.models import Organisation
from programs.visits.due import LONGEST
from programs.visits.follow_ups import USUAL_WORKING_DAYS
from programs.visits.mentoring import Mentoring, Service
from registry.regions.models import Region
from registry.reports.forms import SmallNumber
from registry.reports.models import VisitRequest
from registry.reports.needs import Need
from umkm_portal.lib.text import has_long_digits

WRONG = {"required": _("Isian ini wajib."), "invalid_choice": _("Pilih salah satu dari daftar.")}
LINES = 3  # problems that one form of a visit takes at a time


class Words(forms.CharField):
    """Free text without identity numbers (UU 27/2022: those belong in their own field)."""

    def __init__(self, label, *, most, rows=3, required=False, **kwargs):
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(
            label=label, max_length=most, required=required, widget=widget, error_messages=WRONG, **kwargs
        )

    def validate(self, value):
        super().validate(value)
        if has_long_digits(value):
            raise forms.ValidationError(_("Jangan tulis NIK atau nomor KK di sini. Hapus nomor itu."))


def a_day(label, **kwargs):
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": WRONG["required"], "invalid": _("Tanggal ini tidak dikenali.")},
        **kwargs,
    )


def organisations_field():
    return forms.ModelMultipleChoiceField(
        label=_("Instansi yang ikut"),
        queryset=Organisation.objects.active(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": WRONG["invalid_choice"],
            "invalid_pk_value": WRONG["invalid_choice"],
        },
    )


class OrganisationField(forms.ModelChoiceField):
    """One organisation in use, said with its whole name."""

    def __init__(self, label, **kwargs):
        super().__init__(
            label=label,
            queryset=Organisation.objects.active(),
            to_field_name="uuid",
            empty_label=_("Pilih instansi"),
            error_messages=WRONG,
            **kwargs,
        )

    def label_from_instance(self, row):
        return row.short_name if row.short_name == row.name else f"{row.short_name} ({row.name})"


def working_days_field(**kwargs):
    return forms.IntegerField(
        label=_("Tenggat (hari kerja)"),
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            **WRONG,
            "invalid": _("Tulis angka."),
            "min_value": _("Paling sedikit 1 hari kerja."),
            "max_value": _("Paling banyak %(limit_value)d hari kerja."),
        },
        **kwargs,
    )


class DayForm(forms.Form):
    """A visit day to be planned."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    on = a_day(_("Hari"))
    title = Words(_("Judul"), most=120, rows=0, help_text=_("Misalnya: Blimbing timur, urusan halal."))
    who = Words(_("Siapa yang pergi"), most=300, rows=0, help_text=_("Nama atau regu, dipisah koma."))
    organisations = organisations_field()


class DayChangeForm(DayForm):
    """The same for a day that stands: its date stays."""

    on = None
    uuid = None


class DayMoveForm(forms.Form):
    """The date a day is put on, and the one it was seen on."""

    on = a_day(_("Tanggal baru"))
    was = forms.DateField(widget=forms.HiddenInput)


class VisitForm(forms.Form):
    """What was found: the four things one looks at."""

    on = a_day(_("Tanggal kunjungan"))
    production = Words(_("Produksi"), most=4000, help_text=_("Apa yang dibuat, berapa, dengan alat apa."))
    marketing = Words(_("Pemasaran"), most=4000, help_text=_("Dijual ke mana, lewat apa, bagaimana lakunya."))
    problems = Words(
        _("Masalah"),
        most=4000,
        help_text=_("Apa yang menghambat. Yang perlu ditangani, tulis juga di bawah."),
    )
    needs = Words(_("Kebutuhan"), most=4000, help_text=_("Apa yang diminta atau diperlukan."))
    who = Words(_("Siapa yang datang"), most=300, rows=0)
    organisations = organisations_field()

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("Kunjungan tidak boleh bertanggal di masa depan."))
        return on


class UnplannedForm(VisitForm):
    """A visit on the way: also of whom, when the business is not recorded."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    told_name = Words(_("Nama usaha"), most=250, rows=0, required=True)
    kelurahan = forms.ModelChoiceField(
        label=_("Kelurahan"),
        queryset=Region.objects.none(),
        to_field_name="code",
        empty_label=_("Pilih kelurahan"),
        error_messages=WRONG,
    )
    rw = SmallNumber(label="RW")
    rt = SmallNumber(label="RT")

    def __init__(self, *args, business=None, **kwargs):
        super().__init__(*args, **kwargs)
        if business is not None:
            for name in ("told_name", "kelurahan", "rw", "rt"):
                del self.fields[name]
        else:
            self.fields["kelurahan"].queryset = Region.objects.kelurahan().order_by("name", "code")


class ProblemForm(forms.Form):
    """One problem and who solves it by when; left empty where there is none."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    need = forms.ChoiceField(
        label=_("Jenis masalah"), choices=[("", _("Pilih jenisnya")), *Need.choices], error_messages=WRONG
    )
    problem = Words(_("Masalah"), most=4000, rows=2, required=True)
    organisation = OrganisationField(_("Penanggung jawab"))
    working_days = working_days_field(initial=USUAL_WORKING_DAYS)

    def keywords(self):
        """As FollowUp.open_for takes them."""
        return self.cleaned_data

    @classmethod
    def lines(cls, data=None):
        """LINES of them, for a form of a visit; a line left as it was counts as none."""
        return [
            cls(
                data,
                prefix=f"masalah{n}",
                initial={"uuid": uuid.uuid4(), "working_days": USUAL_WORKING_DAYS},
                empty_permitted=True,
                use_required_attribute=False,
            )
            for n in range(1, LINES + 1)
        ]

    def has_changed(self):
        return any(
            str(self.data.get(self.add_prefix(name)) or "").strip()
            for name in ("need", "problem", "organisation")
        )


class HandOverForm(forms.Form):
    organisation = OrganisationField(_("Teruskan ke"))
    reason = Words(_("Alasan"), most=4000, rows=2, required=True)
    working_days = working_days_field(required=False, help_text=_("Kosongkan bila tenggatnya tetap."))


class TextForm(forms.Form):
    """A reply, or a reason."""

    text = Words(_("Keterangan"), most=4000, rows=3, required=True)


class EvidenceForm(forms.Form):
    evidence = Words(_("Bukti atau hasil"), most=4000, rows=3, required=True)
    photo = forms.FileField(
        label=_("Foto"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )


class CloseRequestForm(forms.Form):
    """What came of a request, in words the officer reads."""

    outcome = forms.ChoiceField(
        label=_("Hasil"),
        choices=VisitRequest.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={**WRONG, "required": _("Pilih hasilnya.")},
    )
    answer = Words(
        _("Jawaban untuk petugas"),
        most=2000,
        help_text=_("Dibaca petugas kelurahan, yang menyampaikannya. Wajib bila belum dapat dibantu."),
    )


class MentoringForm(forms.Form):
    goal = Words(
        _("Tujuan"), most=300, rows=0, required=True, help_text=_("Misalnya: sertifikat halal terbit.")
    )
    mentor = Words(_("Pendamping"), most=150, rows=0, required=True)
    organisation = OrganisationField(_("Instansi"), required=False)


class SessionForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    on = a_day(_("Tanggal"))
    service = forms.ChoiceField(
        label=_("Layanan"), choices=[("", _("Pilih layanan")), *Service.choices], error_messages=WRONG
    )
    note = Words(_("Catatan"), most=2000, rows=2)


class EndForm(forms.Form):
    result = forms.ChoiceField(
        label=_("Hasil"),
        choices=Mentoring.Result.choices,
        widget=forms.RadioSelect,
        error_messages={**WRONG, "required": _("Pilih hasilnya.")},
    )
    note = Words(_("Catatan hasil"), most=2000, rows=2)
