"""What submissions can be filtered by, for page and API alike."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.businesses.filters import DescribedFilterSet, Several, by_kelurahan
from registry.submissions.ages import Ages
from registry.submissions.models import Submission


class SubmissionFilter(DescribedFilterSet):
    """Submissions by state, kind, place and sender. Start from `Submission.objects.visible_to(user)`."""

    status = Several(label=_("Status"), field_name="status", choices=Submission.Status.choices)
    kind = Several(label=_("Jenis"), field_name="kind", choices=Submission.Kind.choices)
    kelurahan = by_kelurahan("kelurahan_next", method="filter_kelurahan")
    mine = django_filters.ChoiceFilter(
        label=_("Pengirim"),
        method="filter_mine",
        choices=[("true", _("saya atau jabatan saya")), ("false", _("orang lain"))],
    )
    business = django_filters.UUIDFilter(label=_("Usaha"), field_name="business_uuid")

    class Meta:
        model = Submission
        fields = []

    def filter_kelurahan(self, queryset, name, value):
        """About a business that is, or is to be, in one of these kelurahan."""
        if not value:
            return queryset
        places = [row.pk for row in value]
        return queryset.filter(Q(kelurahan_now__in=places) | Q(kelurahan_next__in=places))

    def filter_mine(self, queryset, name, value):
        mine = Submission.objects.sent_by_post(self.request.user).values("pk")
        return queryset.filter(pk__in=mine) if value == "true" else queryset.exclude(pk__in=mine)


def stated(params):
    """The address's parameters without the blank ones that a form with drop-downs sends along."""
    kept = params.copy()
    for name in list(kept):
        kept.setlist(name, [value for value in kept.getlist(name) if value])
        if not kept.getlist(name):
            del kept[name]
    return kept


class QueueFilter(SubmissionFilter):
    """What the verification queue can be filtered by. Start from `.waiting()`."""

    status = None
    business = None
    overdue = django_filters.ChoiceFilter(
        label=_("Tenggat"),
        method="filter_overdue",
        choices=[("true", _("lewat tenggat")), ("false", _("dalam tenggat"))],
    )

    def filter_overdue(self, queryset, name, value):
        moment = Ages().overdue_before()
        if value == "true":
            return queryset.filter(submitted_at__lt=moment)
        return queryset.filter(submitted_at__gte=moment)
