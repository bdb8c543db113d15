"""What persons can be filtered by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.people.models import Person
from registry.regions.models import Region
from umkm_portal.lib.sealing import word_queries
from umkm_portal.lib.text import clean_line, fold, validate_no_identity_number

MAX_WORDS = 8


class PersonFilter(django_filters.FilterSet):
    """Persons by name and where they live. Start from `Person.objects.visible_to(user)`.

    Names are kept sealed: whole words are found, not parts of them. A NIK is
    asked for by POST (people/lookup), never in an address that ends up in logs.
    """

    q = django_filters.CharFilter(
        label=_("Nama"), method="filter_name", max_length=100, validators=[validate_no_identity_number]
    )
    domicile = django_filters.ModelChoiceFilter(
        label=_("Kelurahan tinggal"), to_field_name="code", queryset=Region.objects.kelurahan()
    )

    class Meta:
        model = Person
        fields = []

    def filter_name(self, queryset, name, value):
        # Folded first, as the stored words were: "Ma'ruf" and "S.Pd" are two words each.
        for word in fold(clean_line(value)).split()[:MAX_WORDS]:
            found = Q()
            for token in word_queries("name", word):
                found |= Q(name_words__contains=token)
            queryset = queryset.filter(found)
        return queryset
