"""What uploads can be filtered by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .models import Import


class ImportFilter(django_filters.FilterSet):
    """Uploads by how far they are and by kelurahan. Start from `Import.objects.visible_to(user)`."""

    progress_state = django_filters.ChoiceFilter(
        label=_("Keadaan"), field_name="state", choices=Import.State.choices
    )
    kelurahan = django_filters.CharFilter(label=_("Kelurahan"), field_name="kelurahan__code", max_length=13)

    class Meta:
        model = Import
        fields = []
