"""What uploads can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .models import Import, ImportRow


class ImportFilter(django_filters.FilterSet):
    """Uploads by how far they are and by kelurahan. Start from `Import.objects.visible_to(user)`."""

    progress_state = django_filters.ChoiceFilter(
        label=_("Keadaan"), field_name="state", choices=Import.State.choices
    )
    kelurahan = django_filters.CharFilter(label=_("Kelurahan"), field_name="kelurahan__code", max_length=13)

    class Meta:
        model = Import
        fields = []


class ImportRowFilter(django_filters.FilterSet):
    """Rows of one upload by what became of them."""

    outcome = django_filters.ChoiceFilter(label=_("Hasil"), choices=ImportRow.Outcome.choices)
    has_messages = django_filters.ChoiceFilter(
        label=_("Pesan"),
        method="filter_messages",
        choices=[("true", _("dengan pesan")), ("false", _("tanpa pesan"))],
    )

    class Meta:
        model = ImportRow
        fields = []

    def filter_messages(self, queryset, name, value):
        told = ImportRow.objects.with_messages().values("pk")
        return queryset.filter(pk__in=told) if value == "true" else queryset.exclude(pk__in=told)
