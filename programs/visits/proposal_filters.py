"""What proposals can be filtered by: one set for the list, its workbook, the API and, cut down, everybody."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from programs.visits.proposals import Proposal
from registry.businesses.filters import DescribedFilterSet, Several, by_kecamatan, by_kelurahan
from registry.reports.needs import Need


class DayFilter(django_filters.DateFilter):
    """A day as a date field sends it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(*args, **kwargs)


class PublicProposalFilter(DescribedFilterSet):
    """What anybody may filter by: nothing that the public page does not show. Start from `.public()`."""

    forum = Several(label=_("Forum"), field_name="forum", choices=Proposal.Forum.choices)
    need = Several(label=_("Kebutuhan"), field_name="need", choices=Need.choices)
    state = Several(
        label=_("Status"),
        field_name="state",
        choices=[c for c in Proposal.State.choices if c[0] != Proposal.State.NEW],
    )
    kecamatan = by_kecamatan()
    kelurahan = by_kelurahan()

    class Meta:
        model = Proposal
        fields = []


class ProposalFilter(PublicProposalFilter):
    """What staff may filter by. Start from `Proposal.objects.visible_to(user)`."""

    state = Several(label=_("Status"), field_name="state", choices=Proposal.State.choices)
    since = DayFilter(label=_("Forum sejak"), field_name="held_on", lookup_expr="gte")
    until = DayFilter(label=_("Forum sampai"), field_name="held_on", lookup_expr="lte")
    linked = django_filters.ChoiceFilter(
        label=_("Usaha"),
        method="filter_linked",
        choices=[("true", _("menyebut usaha")), ("false", _("tanpa usaha"))],
    )
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business__uuid")

    def filter_linked(self, queryset, name, value):
        return queryset.filter(business__isnull=value == "false")
