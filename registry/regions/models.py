"""Regions by Kemendagri code, the other names people write, boundaries, holidays, and posts."""

import re
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.regions.roles import GRACE_DAYS, GRACE_ROLES, LETTER_ROLES, Role
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_line, fold, mask_long_digits

ENDS_SOON = 30  # days before its end in which a post is renewed (DOMAIN "Who")
LONGEST_YEARS = 5
CODE = re.compile(r"^\d{2}\.\d{2}(\.\d{2}(\.\d{4})?)?$")


class RegionQuerySet(models.QuerySet):
    def kelurahan(self):
        return self.filter(level=Region.Level.KELURAHAN)

    def kecamatan(self):
        return self.filter(level=Region.Level.KECAMATAN)

    def within(self, code):
        """The region with this code and everything below it."""
        return self.filter(Q(code=code) | Q(code__startswith=code + "."))


class Region(models.Model):
    """A city, kecamatan or kelurahan under its Kemendagri code (35.73.KK.NNNN). Reference data."""

    class Level(models.TextChoices):
        CITY = "city", _("Kota/Kabupaten")
        KECAMATAN = "kecamatan", _("Kecamatan")
        KELURAHAN = "kelurahan", _("Kelurahan")

    code = models.CharField(_("kode"), max_length=13, unique=True, validators=[RegexValidator(CODE)])
    name = models.CharField(_("nama"), max_length=100)
    level = models.CharField(_("tingkat"), max_length=9, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("bagian dari")
    )
    postal_code = models.CharField(_("kode pos"), max_length=5, blank=True)
    latitude = models.DecimalField(_("lintang"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("bujur"), max_digits=9, decimal_places=6, null=True, blank=True)
    bps_code_2016 = models.CharField(_("kode BPS 2016"), max_length=10, blank=True)
    tile_column = models.PositiveSmallIntegerField(_("kolom petak"), null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(_("baris petak"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="region_city_alone_has_no_parent",
                condition=Q(level="city", parent=None) | (~Q(level="city") & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def place(self):
        """ "Purwantoro, Kec. Blimbing" for a kelurahan, the plain name otherwise."""
        if self.level == self.Level.KELURAHAN:
            return f"{self.name}, Kec. {self.parent.name}"
        return self.name


class RegionAlias(models.Model):
    """Another spelling or a kampung name, and the region people mean by it."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="aliases", verbose_name=_("wilayah"))
    alias = models.CharField(_("tulisan lain"), max_length=100)
    folded = models.CharField(max_length=100, editable=False, db_index=True)
    kind = models.CharField(_("jenis"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("ejaan lain")
        verbose_name_plural = _("ejaan lain")
        constraints = [models.UniqueConstraint(fields=["region", "folded"], name="region_alias_once")]

    def __str__(self):
        return f"{self.alias} → {self.region}"

    def clean(self):
        self.folded = fold(self.alias)


class Boundary(models.Model):
    """The outline of a region as GeoJSON geometry, loaded from the office's own layer."""

    region = models.OneToOneField(Region, models.CASCADE, related_name="boundary")
    geometry = models.JSONField()
    source = models.CharField(max_length=200)
    loaded_on = models.DateField(default=timezone.localdate)

    def __str__(self):
        return f"{self.region} ({self.source})"


class Holiday(models.Model):
    """A day on which the office does not work; ages in the queue count working days only."""

    on = models.DateField(_("tanggal"), unique=True)
    name = models.CharField(_("nama"), max_length=150)
    is_decreed = models.BooleanField(_("sudah ditetapkan"), default=True)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["on"]

    def __str__(self):
        return f"{self.on} {self.name}"

    @staticmethod
    def set_between(start, end):
        """Dates of the holidays from `start` to `end`, both included, as a set."""
        return set(Holiday.objects.filter(on__range=(start, end)).values_list("on", flat=True))


class PostQuerySet(models.QuerySet):
    def current(self, day=None):
        """Posts in force on `day` (today in Jakarta); the last day counts."""
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def in_grace(self, day=None):
        """Posts that ran out by the calendar at most GRACE_DAYS ago, of the roles that have such days."""
        day = day or timezone.localdate()
        return self.filter(
            ended_at=None,
            role__in=GRACE_ROLES,
            starts_on__lt=day,
            ends_on__lt=day,
            ends_on__gte=day - timedelta(days=GRACE_DAYS),
        )

    def usable(self, day=None):
        """Posts that let their holder do anything on `day`: in force, or in their days of grace."""
        return self.current(day) | self.in_grace(day)

    def ending(self, day=None):
        """Posts in force whose last day is within ENDS_SOON days; those ended by hand are not asked about."""
        day = day or timezone.localdate()
        return self.current(day).filter(ends_on__lte=day + timedelta(days=ENDS_SOON), ended_at=None)


class Post(models.Model):
    """One user serves one region in one role, from a first to a last day (both inclusive).

    Work belongs to the post: whoever holds the kelurahan's post sees its drafts and returned items.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("akun")
    )
    role = models.CharField(_("peran"), max_length=20, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, related_name="posts", verbose_name=_("wilayah"))
    starts_on = models.DateField(_("mulai"), default=timezone.localdate)
    ends_on = models.DateField(_("sampai dengan"))
    assigned_at = models.DateTimeField(auto_now_add=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    UNATTENDED = {"assigned"}  # assigned_by is empty for the first admin, assigned from the command line
    letter = models.CharField(
        _("nomor surat tugas"),
        max_length=100,
        blank=True,
        help_text=_("Wajib bagi pemeriksa; untuk lainnya boleh kosong."),
    )
    ended_at = models.DateTimeField(null=True, editable=False)  # ended by hand: no days of grace follow
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        indexes = [models.Index(fields=["user", "starts_on", "ends_on"], name="post_user_days")]
        constraints = [
            models.CheckConstraint(name="post_days_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="post_ended_at_and_by_together",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.region}"

    def is_in_grace(self, day=None):
        """Whether its last day is over (ask only of posts from `usable`)."""
        return self.ends_on < (day or timezone.localdate())

    @property
    def grace_ends_on(self):
        """The last day on which its holder may still read and propose."""
        return self.ends_on + timedelta(days=GRACE_DAYS)

    def problems(self):
        """{field: message} of what does not fit: the region's level, the order of the days, the letter."""
        found = {}
        if self.region_id and self.role in Role.values and self.region.level not in Role(self.role).levels:
            found["region"] = _("Peran ini tidak untuk tingkat wilayah itu. Pilih wilayah yang sesuai.")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            found["ends_on"] = _("Hari terakhir jabatan mendahului hari pertamanya.")
        elif self.ends_on and self.ends_on > _farthest():
            found["ends_on"] = _("Jabatan diberikan paling lama lima tahun ke depan, lalu diperpanjang.")
        if self.role in LETTER_ROLES and not self.letter.strip():
            found["letter"] = _("Tulis nomor surat tugasnya. Pemeriksa hanya bekerja selama hari surat itu.")
        return found

    def clean(self):
        if found := self.problems():
            raise ValidationError(found)

    @classmethod
    @transaction.atomic
    def assign(cls, *, user, role, region, starts_on, ends_on, by, letter=""):
        """Give `user` a post. `by` None: from the command line. Raises Refused (own post, wrong level, days,
        an auditor without a letter, the same post on the same days)."""
        post = cls(
            user=user,
            role=role,
            region=region,
            starts_on=starts_on,
            ends_on=ends_on,
            assigned_by=by,
            letter=clean_line(mask_long_digits(letter))[:100],
        )
        if by is not None and by.pk == user.pk:
            raise Refused("post-own", _("Jabatan untuk diri sendiri diberikan oleh admin lain."))
        for field, message in post.problems().items():
            raise Refused(f"post-{field}", message, fields={field: message})
        type(user).objects.select_for_update().get(pk=user.pk)
        same = cls.objects.filter(user=user, role=role, region=region)
        if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise Refused(
                "post-twice", _("Akun ini sudah memegang jabatan itu pada hari tersebut. Perpanjang saja.")
            )
        post.save(force_insert=True)
        audit.record("post.assigned", post, by=by, role=role, region=region.code, **_told(post))
        return post

    def _lock(self):
        self.refresh_from_db(from_queryset=Post.objects.select_for_update(of=("self",)))

    def obstacle_to_renew(self, *, ends_on, by, letter=""):
        """Why `by` may not let this post run until `ends_on`: a Refused, or None."""
        today = timezone.localdate()
        if by.pk == self.user_id:
            return Refused("post-own", _("Jabatan diri sendiri diperpanjang oleh admin lain."))
        if self.ended_at:
            return Refused("post-ended", _("Jabatan ini sudah diakhiri. Beri jabatan baru."))
        if self.ends_on < today - timedelta(days=GRACE_DAYS):
            return Refused("post-over", _("Jabatan ini sudah lama berakhir. Beri jabatan baru."))
        if ends_on <= self.ends_on or ends_on < today:
            message = _("Hari terakhir yang baru harus sesudah yang sekarang, dan belum lewat.")
            return Refused("post-ends_on", message, fields={"ends_on": message})
        if ends_on > _farthest():
            message = _("Jabatan diberikan paling lama lima tahun ke depan, lalu diperpanjang.")
            return Refused("post-ends_on", message, fields={"ends_on": message})
        if self.role in LETTER_ROLES and not letter.strip():
            message = _("Tulis nomor surat tugas yang baru.")
            return Refused("post-letter", message, fields={"letter": message})
        return None

    @transaction.atomic
    def renew(self, *, ends_on, by, letter=""):
        """Let the post run on until `ends_on`, also from its days of grace. Raises Refused."""
        self._lock()
        if refused := self.obstacle_to_renew(ends_on=ends_on, by=by, letter=letter):
            raise refused
        before, self.ends_on = self.ends_on, ends_on
        self.letter = clean_line(mask_long_digits(letter))[:100] or self.letter
        self.save(update_fields=["ends_on", "letter"])
        audit.record("post.renewed", self, by=by, ended_on=before.isoformat(), **_told(self))

    def obstacle_to_end(self, *, on, by):
        """Why `by` may not let this post end on `on`: a Refused, or None."""
        if by.pk == self.user_id:
            return Refused("post-own", _("Jabatan diri sendiri diakhiri oleh admin lain."))
        if self.ended_at and on >= self.ends_on:
            return Refused("post-ended", _("Jabatan ini sudah diakhiri."))
        if on > self.ends_on:
            message = _("Hari itu sesudah hari terakhirnya. Untuk memperpanjang, pakai perpanjang.")
            return Refused("post-ends_on", message, fields={"on": message})
        return None

    @transaction.atomic
    def end(self, *, on, by):
        """Let the post end on `on` (its last day, not before its first); no days of grace follow. Raises
        Refused. Work stays with the post: whoever holds the kelurahan next sees it."""
        self._lock()
        if refused := self.obstacle_to_end(on=on, by=by):
            raise refused
        self.ends_on = max(on, self.starts_on)
        self.ended_at, self.ended_by = timezone.now(), by
        self.save(update_fields=["ends_on", "ended_at", "ended_by"])
        audit.record("post.ended", self, by=by, ends_on=self.ends_on.isoformat())


def _farthest():
    return timezone.localdate() + timedelta(days=366 * LONGEST_YEARS)


def _told(post):
    """What the audit line of a post's days says."""
    return {"ends_on": post.ends_on.isoformat()} | ({"letter": post.letter} if post.letter else {})
