"""Regions by Kemendagri code, the other names people write, boundaries, holidays, and posts."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.regions.roles import Role
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import fold

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

    def problems(self):
        """{field: message} of what does not fit: the region's level for the role, the order of the days."""
        found = {}
        if self.region_id and self.role in Role.values and self.region.level not in Role(self.role).levels:
            found["region"] = _("Peran ini tidak untuk tingkat wilayah itu. Pilih wilayah yang sesuai.")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            found["ends_on"] = _("Hari terakhir jabatan mendahului hari pertamanya.")
        return found

    def clean(self):
        if found := self.problems():
            raise ValidationError(found)

    @classmethod
    @transaction.atomic
    def assign(cls, *, user, role, region, starts_on, ends_on, by):
        """Give `user` a post. Raises Refused for a role that does not fit the region's level."""
        post = cls(user=user, role=role, region=region, starts_on=starts_on, ends_on=ends_on, assigned_by=by)
        if by is not None and by.pk == user.pk:
            raise Refused("post-own", _("Jabatan untuk diri sendiri diberikan oleh admin lain."))
        for field, message in post.problems().items():
            raise Refused(f"post-{field}", message, fields={field: message})
        post.save(force_insert=True)
        audit.record("post.assigned", post, by=by, role=role, region=region.code)
        return post

    @transaction.atomic
    def end(self, *, on, by):
        """Let the post end on `on` (its last day)."""
        self.ends_on = max(on, self.starts_on)
        self.ended_at, self.ended_by = timezone.now(), by
        self.save(update_fields=["ends_on", "ended_at", "ended_by"])
        audit.record("post.ended", self, by=by, ends_on=self.ends_on.isoformat())
