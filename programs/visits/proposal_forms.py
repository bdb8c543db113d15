"""The shape of a proposal logged during a meeting, and of its answer."""

import json

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.visits.proposals import LOG, PUBLIC_LENGTH, TEXT_LENGTH, Proposal
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.models import Post, Region
from registry.regions.roles import Role, permissions_of
from registry.reports.needs import Need
from umkm_portal.lib.text import clean_line, clean_text

RESEMBLING = 6
UNLINKED = "-"  # the business that was named stays in the words


def places_of(user):
    """Kelurahan for which `user` may log: of the posts of today and of those that ended (what was logged
    before the end may arrive later; the verb asks for the day)."""
    if not user.is_authenticated:
        return Region.objects.none()
    there = reach(user, LOG)
    rows = Region.objects.kelurahan().select_related("parent").order_by("parent__code", "name")
    if there.everywhere:
        return rows
    roles = [role for role in Role if LOG in permissions_of(role)]
    held = Post.objects.filter(user=user, role__in=roles)
    if held.filter(region__level=Region.Level.CITY).exists():
        return rows
    return rows.filter(pk__in=held.values("region"))


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class PlaceField(forms.ModelChoiceField):
    def label_from_instance(self, region):
        return region.place


class LogForm(forms.Form):
    """One line of a forum. What belongs to the forum stays filled in from line to line."""

    ABOUT_FORUM = ("forum", "held_on", "place", "kelurahan")

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    forum = forms.ChoiceField(
        label=_("Forum"),
        choices=[("", _("Pilih forum")), *Proposal.Forum.choices],
        error_messages={"required": _("Pilih forumnya.")},
    )
    held_on = forms.DateField(
        label=_("Tanggal forum"),
        widget=DateInput(),
        error_messages={"required": _("Isi tanggal forumnya."), "invalid": _("Tulis tanggal yang ada.")},
    )
    place = forms.CharField(label=_("Tempat"), max_length=200, required=False)
    kelurahan = PlaceField(
        label=_("Kelurahan"),
        queryset=Region.objects.none(),
        to_field_name="code",
        empty_label=_("Pilih kelurahan"),
        error_messages={"required": _("Pilih kelurahannya.")},
    )
    rt = forms.IntegerField(
        label="RT", min_value=1, max_value=999, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3}),
    )  # fmt: skip
    rw = forms.IntegerField(
        label="RW", min_value=1, max_value=999, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3}),
    )  # fmt: skip
    need = forms.ChoiceField(
        label=_("Kebutuhan"),
        choices=[("", _("Pilih kebutuhan")), *Need.choices],
        error_messages={"required": _("Pilih kebutuhannya.")},
    )
    text = forms.CharField(
        label=_("Usulan"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seperti diucapkan. Jangan tulis NIK atau nomor KK."),
        error_messages={"required": _("Tulis usulannya.")},
    )
    name = forms.CharField(
        label=_("Usaha yang disebut"), max_length=250, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "usaha-di-sini"}),
    )  # fmt: skip
    business = forms.CharField(max_length=40, required=False)  # chosen among those that resemble the name

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["kelurahan"].queryset = places_of(user)
        self.ambiguous, self.resembling = False, []  # whether, and among which businesses, to choose
        for name in self.fields:
            widget = self.fields[name].widget
            select = isinstance(widget, forms.Select)
            widget.attrs.setdefault("class", "form-select" if select else "form-control")

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal forum tidak boleh di masa depan."))
        return day

    def clean_text(self):
        return clean_text(self.cleaned_data["text"])

    def clean(self):
        given = super().clean()
        place, name = given.get("kelurahan"), clean_line(given.get("name") or "")
        chosen, given["business"] = given.get("business", ""), None
        if place is None or not name:
            return given
        if not chosen and (known := self.known(place, name)):
            given["business"] = known
            return given
        there = Business.objects.visible_to(self.user).filter(kelurahan=place).order_by("name", "pk")
        if chosen == UNLINKED:
            given["text"] = f"{given.get('text', '')}\n({name})"[:TEXT_LENGTH]
            return given
        if chosen:
            given["business"] = _picked(there, chosen)
        if given["business"] is None:
            same = list(there.filter(name__iexact=name)[: RESEMBLING + 1])
            if len(same) == 1:
                given["business"] = same[0]
            else:
                self.ambiguous, self.resembling = True, same[:RESEMBLING] or _like(there, name)
                self.add_error("name", _("Pilih usaha yang dimaksud, atau simpan tanpa menghubungkannya."))
        return given

    def known(self, place, name):
        """The business that `name` means without asking, or None."""
        return None


class CorrectionForm(LogForm):
    """The same about a proposal that was logged; only kelurahan of today's posts."""

    uuid = None
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # what the page showed, as JSON

    field_order = ("text", "need", "name", "rt", "rw", *LogForm.ABOUT_FORUM)

    def __init__(self, data=None, *, proposal, user):
        super().__init__(data, user=user, initial=self._begun(proposal))
        self.proposal = proposal
        rows, there = self.fields["kelurahan"].queryset, reach(user, LOG)
        self.fields["kelurahan"].queryset = rows if there.everywhere else rows.filter(pk__in=there.kelurahan)
        del self.fields["name"].widget.attrs["list"]  # filled by the page of the forum only

    @staticmethod
    def _begun(proposal):
        """What the page starts with, as a browser sends it."""
        told = {name: getattr(proposal, name) for name in ("text", "need", "rt", "rw", "forum", "place")}
        told |= {"held_on": proposal.held_on.isoformat(), "kelurahan": proposal.kelurahan.code}
        told["name"] = proposal.business.name if proposal.business_id else ""
        told = {name: "" if value is None else str(value) for name, value in told.items()}
        return told | {"version": proposal.version, "seen": json.dumps(told)}

    def follow(self, proposal):
        """Go on over `proposal` as it is stored now: what was typed stays, and what its writer left as the
        page showed it follows, so that the next saving takes back nothing of another's."""
        now, typed = self._begun(proposal), self.data.copy()
        for name, value in self._shown().items():
            if " ".join(typed.get(name, "").split()) == " ".join(value.split()):
                typed[name] = now[name]
        self.data = typed
        self.data["version"], self.data["seen"] = now["version"], now["seen"]

    def _shown(self):
        try:
            told = json.loads(self.data.get("seen") or "{}")
        except (ValueError, RecursionError):
            return {}
        names = self._begun(self.proposal).keys() - {"version", "seen"}
        pairs = told.items() if isinstance(told, dict) else ()
        return {name: value for name, value in pairs if name in names and isinstance(value, str)}

    def known(self, place, name):
        """The business that is linked already, of several with one name, or moved meanwhile."""
        before = self.proposal
        same = before.business_id and before.kelurahan_id == place.pk and before.business.name == name
        return before.business if same else None


def _picked(there, text):
    try:
        return there.filter(uuid=text).first()
    except forms.ValidationError:
        return None


def _like(there, name):
    """Businesses whose name holds the longest word typed."""
    word = max(name.split(), key=len)
    return list(there.filter(name__icontains=word)[:RESEMBLING])


class AnswerForm(forms.Form):
    """What is answered, inside and to everybody."""

    act = forms.ChoiceField(
        label=_("Bagaimana usulan ini dijawab?"),
        choices=[c for c in Proposal.State.choices if c[0] != Proposal.State.NEW],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih bagaimana usulan ini dijawab.")},
    )
    answer = forms.CharField(
        label=_("Jawaban untuk kelurahan"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Dibaca petugas dan lurah. Wajib bila terlaksana atau belum dapat dipenuhi."),
    )
    public_line = forms.CharField(
        label=_("Ringkasan untuk umum"),
        max_length=PUBLIC_LENGTH,
        required=False,
        help_text=_(
            "Satu kalimat di halaman usulan warga, tanpa nama orang, nama usaha, alamat atau nomor. "
            "Kosong: tidak tampil untuk umum."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
