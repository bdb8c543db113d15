"""What answers to "masih aktif?", and businesses that ask for a look, can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from registry.businesses.filters import (
    DescribedFilterSet,
    Several,
    TextFilter,
    WholeFilter,
    by_kecamatan,
    by_kelurahan,
    not_too_far,
)
from registry.businesses.models import Business
from registry.checks.models import Check
from umkm_portal.lib.text import clean_line


class CheckFilter(DescribedFilterSet):
    """Answers by place, kind and time. Start from `Check.objects.visible_to(user)`."""

    kelurahan = by_kelurahan()
    rw = WholeFilter(label="RW", min_value=1, max_value=999)
    answer = Several(label=_("Jawaban"), field_name="answer", choices=Check.Answer.choices)
    via = Several(label=_("Lewat"), field_name="via", choices=Check.Via.choices)
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business__uuid")
    received_after = django_filters.IsoDateTimeFilter(
        label=_("Diterima sejak"), field_name="received_at", lookup_expr="gte", validators=[not_too_far]
    )
    standing = django_filters.ChoiceFilter(
        label=_("Dibatalkan"),
        method="filter_standing",
        choices=[("true", _("masih berlaku")), ("false", _("dibatalkan"))],
    )

    class Meta:
        model = Check
        fields = []

    def filter_standing(self, queryset, name, value):
        return queryset.filter(taken_back_at__isnull=value == "true")


class TargetFilter(DescribedFilterSet):
    """Businesses that ask for a look, by place and name. Start from staleness.targets()."""

    q = TextFilter(label=_("Cari"), method="filter_q", max_length=200)
    kecamatan = by_kecamatan()
    kelurahan = by_kelurahan()
    rw = WholeFilter(label="RW", min_value=1, max_value=999)

    class Meta:
        model = Business
        fields = []

    def filter_q(self, queryset, name, value):
        return queryset.filter(name__icontains=clean_line(value))
