"""What monthly reports can be filtered by, over the API."""

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.monthly import months
from programs.monthly.models import MonthlyReport
from registry.businesses.filters import DescribedFilterSet, Several, by_kecamatan, by_kelurahan


def month_named(value):
    """Validator: a month as year and month, "2026-10"."""
    if months.parse(value) is None:
        raise ValidationError(_("tulis bulan sebagai tahun-bulan, misalnya 2026-10."))


class MonthlyReportFilter(DescribedFilterSet):
    """Start from `MonthlyReport.objects.visible_to(user)`."""

    progress = Several(label=_("Status"), field_name="state", choices=MonthlyReport.State.choices)
    kelurahan = by_kelurahan()
    kecamatan = by_kecamatan()
    month = django_filters.CharFilter(label=_("Bulan"), method="filter_month", validators=[month_named])
    latest = django_filters.ChoiceFilter(
        label=_("Edisi"), method="filter_latest", choices=[("true", _("yang terbaru saja"))]
    )

    class Meta:
        model = MonthlyReport
        fields = []

    def filter_month(self, queryset, name, value):
        return queryset.filter(month=months.parse(value))

    def filter_latest(self, queryset, name, value):
        return queryset.latest()
