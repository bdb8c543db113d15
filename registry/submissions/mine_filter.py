"""What "Data yang saya kirim" can be filtered by: the submissions' filter, cut to what its reader asks."""

import django_filters
from django.utils.translation import gettext_lazy as _

from registry.businesses.filters import TextFilter
from registry.submissions.filters import SubmissionFilter
from umkm_portal.lib.text import clean_line, validate_no_identity_number


class MineFilter(SubmissionFilter):
    """Start from `.sent_by_post(user)`; `user` tells whose is whose."""

    business = None
    mine = None
    q = TextFilter(
        label=_("Nama usaha"),
        method="filter_name",
        max_length=100,
        validators=[validate_no_identity_number],
    )
    author = django_filters.ChoiceFilter(
        label=_("Pengirim"),
        method="filter_author",
        choices=[("me", _("saya sendiri")), ("others", _("orang lain"))],
    )

    def filter_name(self, queryset, name, value):
        for word in clean_line(value).split()[:8]:
            queryset = queryset.filter(title__icontains=word)
        return queryset

    def filter_author(self, queryset, name, value):
        own = {"proposed_by": self.request.user}
        return queryset.filter(**own) if value == "me" else queryset.exclude(**own)
