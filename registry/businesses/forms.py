"""What the pages of this room let people fill in or choose."""

from dataclasses import dataclass, field

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.businesses import choices
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Subsector


@dataclass
class Choice:
    """One drop-down of the filter bar. `groups` is [(heading, [(value, label)])]; `chosen` what is on now.

    With several values on, the page keeps them as they are (they come off by their chips).
    """

    name: str
    label: object
    empty: object
    groups: list
    chosen: list = field(default_factory=list)

    @property
    def several(self):
        return len(self.chosen) > 1


def regions_in_reach(user):
    """The kelurahan whose businesses `user` may read, with their kecamatan, in the order of their codes."""
    there = reach(user, "registry.view_business")
    kelurahan = Region.objects.kelurahan().select_related("parent")
    return list(kelurahan if there.everywhere else kelurahan.filter(pk__in=there.kelurahan))


def filter_choices(filterset, user):
    """(quick, further) drop-downs for this user: what everybody uses, and what the panel holds besides."""
    kelurahan = regions_in_reach(user)
    by_kecamatan = {}
    for region in kelurahan:
        by_kecamatan.setdefault((region.parent.code, region.parent.name), []).append(
            (region.code, region.name)
        )

    def choice(name, empty, options=None, groups=None):
        spec = filterset.filters[name]
        if options is None:
            options = [(value, label) for value, label in spec.extra["choices"] if value]
        return Choice(
            name=name,
            label=spec.label,
            empty=empty,
            groups=groups or [("", options)],
            chosen=[v for v in filterset.data.getlist(name) if v],
        )

    quick = []
    if len(kelurahan) > 1:
        named = [(name, rows) for (_code, name), rows in by_kecamatan.items()]
        quick.append(choice("kelurahan", _("Semua kelurahan"), [], named))
    subsectors = list(Subsector.objects.order_by("position", "name").values_list("slug", "name"))
    quick += [
        choice("subsector", _("Semua subsektor"), subsectors),
        choice("scale", _("Semua skala")),
        choice("operating_state", _("Semua keadaan")),
    ]
    further = []
    if len(by_kecamatan) > 1:
        further.append(choice("kecamatan", _("Semua"), list(by_kecamatan)))
    if reach(user, "registry.view_business").everywhere:
        further.append(choice("unplaced", _("Semua")))
    for name in (
        "nib", "pirt", "halal", "verified", "confirmed", "place_kind", "industry_class",
    ):  # fmt: skip
        further.append(choice(name, _("Semua")))
    return quick, further


class VerifyForm(forms.Form):
    """What was checked and how."""

    what = forms.ChoiceField(
        label=_("Yang diperiksa"),
        choices=[("existence", _("Keberadaan")), ("identity", _("Identitas pemilik"))],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label=_("Caranya"), choices=choices.VerificationHow.choices, widget=forms.RadioSelect
    )


class ConfirmForm(forms.Form):
    """The day the business was seen at work."""

    on = forms.DateField(
        label=_("Tanggal terlihat aktif"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
