"""What requests can be filtered by, for page and API alike."""

import django_filters
from django.utils.translation import gettext_lazy as _

from registry.businesses.filters import DescribedFilterSet, Several, by_kelurahan
from registry.reports.models import VisitRequest
from registry.reports.needs import Need, Urgency


class VisitRequestFilter(DescribedFilterSet):
    """By state, need, urgency, place, business and sender. Start from `.visible_to(user)`."""

    state = Several(label=_("Status"), field_name="state", choices=VisitRequest.State.choices)
    need = Several(label=_("Kebutuhan"), field_name="need", choices=Need.choices)
    urgency = django_filters.TypedChoiceFilter(
        label=_("Kemendesakan"), field_name="urgency", choices=Urgency.choices, coerce=int
    )
    kelurahan = by_kelurahan()
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business__uuid")
    mine = django_filters.ChoiceFilter(
        label=_("Pelapor"),
        method="filter_mine",
        choices=[("true", _("saya sendiri")), ("false", _("orang lain"))],
    )

    class Meta:
        model = VisitRequest
        fields = []

    def filter_mine(self, queryset, name, value):
        own = {"told_by": self.request.user}
        return queryset.filter(**own) if value == "true" else queryset.exclude(**own)
