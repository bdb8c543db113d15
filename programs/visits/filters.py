"""What the board, visits, visit days, follow-ups and mentorings can be filtered by, for page and API."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.partners.models import Organisation
from programs.visits.days import VisitDay
from programs.visits.follow_ups import FollowUp
from programs.visits.mentoring import Mentoring
from programs.visits.models import Visit
from registry.businesses.filters import (
    CodesFilter,
    DescribedFilterSet,
    Several,
    WholeFilter,
    by_kecamatan,
    by_kelurahan,
)
from registry.reports.models import VisitRequest
from registry.reports.needs import NEVER_VISITED, URGENCY_WEIGHT, Need, Urgency

NEVER_WEIGHTS = [weight * NEVER_VISITED for weight in URGENCY_WEIGHT.values()]
VISITED = [("never", _("belum pernah dikunjungi")), ("before", _("pernah dikunjungi"))]
YES_NO = [("true", _("ya")), ("false", _("tidak"))]


class BoardFilter(DescribedFilterSet):
    """Open needs by place, kind and how soon. Start from `VisitRequest.objects.visible_to(user).open()`."""

    kecamatan = by_kecamatan()
    kelurahan = by_kelurahan()
    rw = WholeFilter(label="RW", field_name="rw", min_value=0, max_value=999)
    need = Several(label=_("Kebutuhan"), field_name="need", choices=Need.choices)
    urgency = Several(
        label=_("Kemendesakan"),
        field_name="urgency",
        choices=[(str(value), label) for value, label in reversed(Urgency.choices)],
    )
    visited = django_filters.ChoiceFilter(
        label=_("Kunjungan"),
        method="filter_visited",
        choices=VISITED,
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        method="filter_state",
        choices=[
            (VisitRequest.State.NEW, _("menunggu")),
            (VisitRequest.State.SCHEDULED, _("dijadwalkan")),
            (VisitRequest.State.VISITED, _("dikunjungi, belum dijawab")),
            ("open", _("semua yang terbuka")),
        ],
    )

    class Meta:
        model = VisitRequest
        fields = []

    def filter_visited(self, queryset, name, value):
        """The weight a need climbs by tells whether its business was ever visited (reports/needs.py)."""
        if value == "never":
            return queryset.filter(weight__in=NEVER_WEIGHTS)
        return queryset.exclude(weight__in=NEVER_WEIGHTS)

    def filter_state(self, queryset, name, value):
        return queryset if value == "open" else queryset.filter(state=value)


class VisitFilter(DescribedFilterSet):
    """Start from `Visit.objects.visible_to(user)`."""

    kecamatan = by_kecamatan()
    kelurahan = by_kelurahan()
    state = Several(label=_("Status"), field_name="state", choices=Visit.State.choices)
    since = django_filters.DateFilter(label=_("Sejak"), field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Sampai"), field_name="on", lookup_expr="lte")
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business__uuid")
    day = django_filters.UUIDFilter(label=_("Hari kunjungan"), field_name="day__uuid")
    request = django_filters.UUIDFilter(label=_("Laporan"), field_name="request__uuid")

    class Meta:
        model = Visit
        fields = []


class VisitDayFilter(DescribedFilterSet):
    """Start from `VisitDay.objects.visible_to(user)`."""

    since = django_filters.DateFilter(label=_("Sejak"), field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Sampai"), field_name="on", lookup_expr="lte")
    cancelled = django_filters.ChoiceFilter(label=_("Dibatalkan"), method="filter_cancelled", choices=YES_NO)

    class Meta:
        model = VisitDay
        fields = []

    def filter_cancelled(self, queryset, name, value):
        return queryset.exclude(cancelled_at=None) if value == "true" else queryset.standing()


class FollowUpFilter(DescribedFilterSet):
    """Start from `FollowUp.objects.visible_to(user)`."""

    kecamatan = by_kecamatan()
    kelurahan = by_kelurahan()
    need = Several(label=_("Jenis masalah"), field_name="need", choices=Need.choices)
    organisation = CodesFilter(
        label=_("Penanggung jawab"),
        field_name="organisation",
        to_field_name="uuid",
        queryset=Organisation.objects.all(),
    )
    state = Several(label=_("Status"), field_name="state", choices=FollowUp.State.choices)
    overdue = django_filters.ChoiceFilter(
        label=_("Tenggat"),
        method="filter_overdue",
        choices=[("true", _("lewat tenggat")), ("false", _("dalam tenggat"))],
    )
    mine = django_filters.ChoiceFilter(label=_("Milik saya"), method="filter_mine", choices=YES_NO)
    visit = django_filters.UUIDFilter(label=_("Kunjungan"), field_name="visit__uuid")
    request = django_filters.UUIDFilter(label=_("Laporan"), field_name="request__uuid")
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business__uuid")

    class Meta:
        model = FollowUp
        fields = []

    def filter_overdue(self, queryset, name, value):
        late = FollowUp.objects.overdue(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=late) if value == "true" else queryset.exclude(pk__in=late)

    def filter_mine(self, queryset, name, value):
        mine = FollowUp.objects.mine(self.request.user).values("pk")
        return queryset.filter(pk__in=mine) if value == "true" else queryset.exclude(pk__in=mine)


class MentoringFilter(DescribedFilterSet):
    """Start from `Mentoring.objects.visible_to(user)`."""

    kecamatan = by_kecamatan("business__kelurahan__parent")
    kelurahan = by_kelurahan("business__kelurahan")
    running = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        method="filter_running",
        choices=[("true", _("berjalan")), ("false", _("selesai"))],
    )
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business__uuid")

    class Meta:
        model = Mentoring
        fields = []

    def filter_running(self, queryset, name, value):
        return queryset.running() if value == "true" else queryset.exclude(ended_at=None)
