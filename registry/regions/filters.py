import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from registry.regions.models import Region, RegionAlias
from umkm_portal.lib.text import fold


class RegionFilter(django_filters.FilterSet):
    """Regions by level, by the region directly above, by any region above, and by (other) name."""

    level = django_filters.ChoiceFilter(label=_("Tingkat"), choices=Region.Level)
    parent = django_filters.CharFilter(label=_("Bagian dari"), field_name="parent__code", max_length=13)
    within = django_filters.CharFilter(label=_("Di dalam"), method="filter_within", max_length=13)
    q = django_filters.CharFilter(label=_("Nama"), method="filter_name", max_length=100)

    class Meta:
        model = Region
        fields = []

    def filter_within(self, queryset, name, value):
        return queryset.within(value)

    def filter_name(self, queryset, name, value):
        """Names that hold every word typed, or a region whose other spelling does."""
        words = fold(value).split()
        if not words:
            return queryset.none()
        spelled = RegionAlias.objects.filter(region=OuterRef("pk"))
        called = Q()
        for word in words:
            called &= Q(name__icontains=word)
            spelled = spelled.filter(folded__contains=word)
        return queryset.filter(called | Exists(spelled))
