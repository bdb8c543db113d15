"""Organisations the city works with, who acts for them, and who held which office on which day."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.regions.models import Region


class OrganisationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_on=None)

    def of(self, user, day=None):
        """Those `user` acts for on `day` (today)."""
        day = day or timezone.localdate()
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            memberships__user=user, memberships__starts_on__lte=day, memberships__ends_on__gte=day
        ).distinct()


class Organisation(models.Model):
    """An office, group or company that takes part in what the city does. Reference data."""

    class Kind(models.TextChoices):
        OWN = "own", _("Diskopindag")
        OPD = "opd", _("Perangkat daerah (OPD)")
        FRIENDS = "friends", _("Sahabat UMKM")
        DEKRANASDA = "dekranasda", _("Dekranasda")
        UNIVERSITY = "university", _("Perguruan tinggi")
        BANK = "bank", _("Bank")
        DONOR = "donor", _("Pemberi CSR")
        OTHER = "other", _("Lainnya")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nama"), max_length=200)
    short_name = models.CharField(_("nama singkat"), max_length=40, unique=True)
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind)
    helps_with = models.JSONField(
        _("menangani"), default=list, blank=True
    )  # registry.reports.needs.Need values
    ended_on = models.DateField(_("tidak dipakai sejak"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("instansi atau mitra")
        verbose_name_plural = _("instansi dan mitra")
        ordering = ["short_name"]
        constraints = [models.CheckConstraint(name="organisation_named", condition=~Q(name=""))]

    def __str__(self):
        return self.short_name


class Membership(models.Model):
    """A user acts for an organisation from a first to a last day (both inclusive): what was handed to the
    organisation is theirs to answer. The account also needs a post in the role OPD."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("akun")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("instansi")
    )
    starts_on = models.DateField(_("mulai"), default=timezone.localdate)
    ends_on = models.DateField(_("sampai dengan"))

    class Meta:
        verbose_name = _("wakil instansi")
        verbose_name_plural = _("wakil instansi")
        constraints = [
            models.CheckConstraint(name="membership_days_in_order", condition=Q(ends_on__gte=F("starts_on"))),
        ]

    def __str__(self):
        return f"{self.organisation} {self.starts_on:%Y-%m-%d}"


class OfficeHolder(models.Model):
    """Who holds a public office, from when to when: letters name who held it on their day, never today's.

    Names of officials in office are public. `region` empty: an office of the city.
    """

    class Office(models.TextChoices):
        HEAD = "head", _("Kepala Dinas")
        CAMAT = "camat", _("Camat")
        LURAH = "lurah", _("Lurah")

    office = models.CharField(_("jabatan"), max_length=8, choices=Office)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah")
    )
    name = models.CharField(_("nama dan gelar"), max_length=150)
    staff_number = models.CharField("NIP", max_length=30, blank=True)
    is_acting = models.BooleanField(_("pelaksana harian (Plh)"), default=False)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai dengan"), null=True, blank=True)

    class Meta:
        verbose_name = _("pejabat")
        verbose_name_plural = _("pejabat")
        indexes = [models.Index(fields=["office", "region", "starts_on"], name="office_holder_days")]
        constraints = [
            models.CheckConstraint(
                name="office_holder_days_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def title(self):
        """ "Lurah" or "Plh. Lurah"."""
        return f"Plh. {self.get_office_display()}" if self.is_acting else str(self.get_office_display())

    @classmethod
    def on(cls, day, office, region=None):
        """Who held `office` on `day`, an acting holder first; None where nobody is recorded."""
        held = cls.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
        return held.filter(office=office, region=region).order_by("-is_acting", "-starts_on", "-pk").first()


class OfficeAddress(models.Model):
    """Where the office of a region stands, for the letterhead (kop surat). Reference data: what is not
    recorded is left out of the letter, never invented."""

    region = models.OneToOneField(
        Region, models.PROTECT, related_name="office_address", verbose_name=_("wilayah")
    )
    address = models.CharField(_("alamat kantor"), max_length=200)
    phone = models.CharField(_("telepon kantor"), max_length=60, blank=True)
    email = models.EmailField(_("surel kantor"), blank=True)
    website = models.CharField(_("laman"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("alamat kantor")
        verbose_name_plural = _("alamat kantor")

    def __str__(self):
        return self.address

    def lines(self):
        """The lines under the office's name."""
        postal = self.region.postal_code
        first = f"{self.address}, {_('Kode Pos')} {postal}" if postal else self.address
        second = "  ".join(
            f"{label} {value}"
            for label, value in (
                (_("Telepon"), self.phone),
                (_("Surel"), self.email),
                (_("Laman"), self.website),
            )
            if value
        )
        return [line for line in (first, second) if line]
