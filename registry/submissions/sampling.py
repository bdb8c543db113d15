"""The monthly look at light corrections, which a rule approved and nobody has read yet."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.regions.access import reach
from registry.submissions.models import LIGHT_CORRECTION, Submission
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.text import clean_text, mask_long_digits

SAMPLE_SIZE = 20  # light corrections read each month, all of them when there are fewer


class SampleCheck(models.Model):
    """One light correction drawn for a month's sample, and what the reader found."""

    class Verdict(models.TextChoices):
        RIGHT = "right", _("Sesuai")
        WRONG = "wrong", _("Keliru")

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="sample_check")
    month = models.DateField(db_index=True)  # the first day of the month in which the rule approved it
    drawn_at = models.DateTimeField(default=timezone.now)
    UNATTENDED = {"drawn"}  # whoever opens a past month's list first causes the draw; chance does it
    verdict = models.CharField(_("hasil"), max_length=5, choices=Verdict, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("sampel koreksi ringan")
        constraints = [
            models.CheckConstraint(
                name="sample_checked_at_and_by_together",
                condition=models.Q(checked_at=None, checked_by=None, verdict="")
                | (models.Q(checked_at__isnull=False, checked_by__isnull=False) & ~models.Q(verdict="")),
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.submission_id}"

    @transaction.atomic
    def decide(self, *, verdict, note="", by):
        """Record what the reader found; never on a correction of one's own. Raises Refused."""
        self.refresh_from_db(from_queryset=SampleCheck.objects.select_for_update(of=("self",)))
        if not reach(by, "registry.check_sample").everywhere:
            raise not_found()
        if verdict not in self.Verdict.values:
            raise Refused("verdict-unknown", _("Pilih sesuai atau keliru."))
        if self.checked_at:
            raise Refused("sample-checked", _("Koreksi ini sudah diperiksa."))
        if self.submission.proposed_by_id == by.pk:
            raise Refused("own-submission", _("Koreksi Anda sendiri diperiksa orang lain."))
        note = clean_text(mask_long_digits(note))[:500]
        if verdict == self.Verdict.WRONG and not note:
            raise Refused("note-missing", _("Tulis apa yang keliru."), fields={"note": _("Isian ini wajib.")})
        self.verdict, self.note, self.checked_at, self.checked_by = verdict, note, timezone.now(), by
        self.save(update_fields=["verdict", "note", "checked_at", "checked_by"])
        audit.record(
            "sample.checked", self.submission, by=by, about=self.submission.business_uuid, verdict=verdict
        )


@transaction.atomic
def draw(month):
    """The sample of a month that is over: drawn by chance once, then fixed. Returns its queryset.

    `month` is the first day of the month. Raises Refused for a month that is not over.
    """
    end = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    if end > timezone.localdate():
        raise Refused("month-not-over", _("Sampel diambil setelah bulannya selesai."))
    drawn = SampleCheck.objects.filter(month=month)
    if not drawn.exists():
        zone = timezone.get_current_timezone()
        start, stop = (datetime(d.year, d.month, 1, tzinfo=zone) for d in (month, end))
        chosen = (
            Submission.objects.filter(
                decided_rule=LIGHT_CORRECTION, decided_at__gte=start, decided_at__lt=stop
            )
            .order_by("?")
            .values_list("pk", flat=True)[:SAMPLE_SIZE]
        )
        SampleCheck.objects.bulk_create(
            [SampleCheck(submission_id=pk, month=month) for pk in chosen], ignore_conflicts=True
        )
    return drawn.select_related("submission__business", "submission__proposed_by", "checked_by").order_by(
        "pk"
    )
