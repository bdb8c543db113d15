import django_filters
from django.utils.translation import gettext_lazy as _

from registry.sectors.models import Kbli, Subsector


class KbliFilter(django_filters.FilterSet):
    """KBLI codes by version, section, five-digit codes only, and by words of the title or leading digits."""

    version = django_filters.ChoiceFilter(label=_("Versi"), choices=Kbli.Version)
    section = django_filters.CharFilter(label=_("Kategori"), max_length=1)
    leaf = django_filters.BooleanFilter(label=_("Hanya kode lima angka"), method="filter_leaf")
    # Last: the search reads the titles that are left, and helps with typing errors among those.
    q = django_filters.CharFilter(label=_("Kata atau kode"), method="filter_words", max_length=200)

    class Meta:
        model = Kbli
        fields = []

    def filter_leaf(self, queryset, name, value):
        return queryset.leaves() if value else queryset.exclude(pk__in=queryset.leaves())

    def filter_words(self, queryset, name, value):
        return queryset.search(value)


class SubsectorFilter(django_filters.FilterSet):
    """Creative-economy subsectors, all of them or those on the list on a day."""

    on = django_filters.DateFilter(label=_("Berlaku pada"), method="filter_on")

    class Meta:
        model = Subsector
        fields = []

    def filter_on(self, queryset, name, value):
        return queryset.on(value)
