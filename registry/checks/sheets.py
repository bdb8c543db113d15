"""The printed, numbered sheet of one RW: what stands on paper under a number stays that business."""

import secrets
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.choices import OperatingState
from registry.businesses.models import Business
from registry.checks.models import CONFIRM, Check
from registry.regions.access import covers_on, reach, within_reach
from registry.regions.models import Region
from umkm_portal.lib.errors import Refused, not_found

MOST = 200  # lines of one sheet: five leaves of A4
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nobody mistakes I for 1, O for 0, L for I
CODE_LENGTH = 6
ANSWERED = uuid.UUID(
    "6f2e9a0e-6a0e-5a36-9a53-3f5f1e0c9b11"
)  # namespace: one answer for each number of a sheet


def walked(businesses):
    """`businesses` in the order somebody walks an RW: by RT, then by name."""
    return businesses.order_by(F("rt").asc(nulls_last=True), "name", "pk")


class SheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sheets `user` may print and key in: of the kelurahan of their posts."""
        return within_reach(self, user, CONFIRM)


class Sheet(models.Model):
    """A printed, numbered list of one RW's businesses, for heads of RW and PKK cadres to fill in by hand.

    What stands on paper under a number must stay that business, so the list is kept as it was printed.
    """

    code = models.CharField(max_length=8, unique=True, editable=False)  # printed; letters nobody mistakes
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="+", editable=False)
    rw = models.PositiveSmallIntegerField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    keyed_at = models.DateTimeField(null=True, editable=False)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("lembar RW")
        verbose_name_plural = _("lembar RW")
        constraints = [
            models.CheckConstraint(
                name="sheet_keyed_at_and_by_together",
                condition=Q(keyed_at=None, keyed_by=None) | Q(keyed_at__isnull=False, keyed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("sheet", args=[self.code])

    @classmethod
    @transaction.atomic
    def make(cls, *, kelurahan, rw, by):
        """Number the businesses of an RW that are not closed, by RT and name. Raises Refused: not-found,
        sheet-empty, sheet-too-long."""
        if not reach(by, CONFIRM).covers(kelurahan.pk):
            raise not_found()
        rows = Business.objects.filter(kelurahan=kelurahan, rw=rw, merged_into=None)
        rows = rows.exclude(operating_state=OperatingState.CLOSED)
        found = list(walked(rows).values_list("pk", flat=True)[: MOST + 1])
        if not found:
            message = _("Tidak ada usaha yang tercatat buka di RW ini.")
            raise Refused("sheet-empty", message, fields={"rw": message})
        if len(found) > MOST:
            raise Refused("sheet-too-long", _("Lebih dari %(most)d usaha di satu RW."), most=MOST)
        sheet = cls(code=_new_code(), kelurahan=kelurahan, rw=rw, made_by=by)
        sheet.save(force_insert=True)
        SheetLine.objects.bulk_create(
            [SheetLine(sheet=sheet, number=n, business_id=pk) for n, pk in enumerate(found, 1)]
        )
        audit.record("sheet.made", sheet, by=by, count=len(found))
        return sheet

    def key(self, answers, *, on, by):
        """Keep what was written beside the numbers: `answers` {number: Check.Answer} seen on the day `on`.

        A number is answered once: keyed again alike it stays, otherwise it is refused, and the rest is kept.
        Returns [(line, check or None, Refused or None)] in the order of numbers. Raises Refused:
        not-found, number-unknown (names them), told-in-future, before-printing; then nothing was written.
        """
        if not covers_on(by, CONFIRM, self.kelurahan_id, on):
            raise not_found()
        if on > timezone.localdate():
            message = _("Tanggal diisi tidak boleh di masa depan.")
            raise Refused("told-in-future", message, fields={"on": message})
        if on < timezone.localdate(self.made_at):
            message = _("Lembar ini dicetak sesudah tanggal itu.")
            raise Refused("before-printing", message, fields={"on": message})
        lines = {line.number: line for line in self.lines.select_related("business__kelurahan")}
        if unknown := sorted(set(answers) - set(lines)):
            raise Refused(
                "number-unknown",
                _("Tidak ada di lembar ini: %(numbers)s."),
                numbers=", ".join(map(str, unknown)),
            )
        told = [self._keep(lines[number], answers[number], on=on, by=by) for number in sorted(answers)]
        if any(check for _line, check, _refused in told):
            self._note_keyed(by)
        return told

    def _keep(self, line, answer, *, on, by):
        """One number: its own outcome, so that a refused one never loses the rest."""
        try:
            with transaction.atomic():
                check, new = Check.record(
                    business=line.business,
                    answer=answer,
                    via=Check.Via.SHEET,
                    told_at=timezone.now(),
                    seen_on=on,
                    by=by,
                    uuid=line.answer_uuid,
                )
                if not new and (check.answer != answer or check.taken_back_at):
                    raise Refused(
                        "number-answered",
                        _("Nomor %(number)d sudah tercatat %(answer)s."),
                        number=line.number,
                        answer=str(check.get_answer_display()).lower(),
                    )
        except Refused as refused:
            if refused.code == "uuid-taken":
                refused = Refused(
                    "number-answered",
                    _("Nomor %(number)d sudah dicatat petugas lain."),
                    number=line.number,
                )
            return line, None, refused
        return line, check, None

    @transaction.atomic
    def _note_keyed(self, by):
        rows = Sheet.objects.select_for_update(of=("self",)).filter(pk=self.pk, keyed_at=None)
        if rows.update(keyed_at=timezone.now(), keyed_by=by):
            self.refresh_from_db()
            audit.record("sheet.keyed", self, by=by)

    def answers(self):
        """{number: Check} of what was keyed in already."""
        numbers = {line.answer_uuid: line.number for line in self.lines.all()}
        rows = Check.objects.standing().filter(uuid__in=numbers).defer("note")
        return {numbers[check.uuid]: check for check in rows}


def _new_code():
    """A code no sheet bears."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _each in range(CODE_LENGTH))
        if not Sheet.objects.filter(code=code).exists():
            return code


class SheetLine(models.Model):
    """What one number of a sheet stands for."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="lines", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="+", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_line_number_once"),
            models.UniqueConstraint(fields=["sheet", "business"], name="sheet_line_business_once"),
        ]

    def __str__(self):
        return f"{self.sheet_id} {self.number}"

    @property
    def answer_uuid(self):
        """The uuid of the answer to this number: the same however often the sheet is keyed."""
        return uuid.uuid5(ANSWERED, f"{self.sheet_id}:{self.number}")
