"""What belongs to a business: licences, products, photos, consents and the history of its scale."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import choices, fields
from registry.businesses.models import Business, Ownership
from umkm_portal.lib.errors import Refused


class CurrentQuerySet(models.QuerySet):
    def current(self):
        """Rows that have not ended."""
        return self.filter(ended_on=None)


def is_valid(status, expires_on, today):
    """Whether a licence told with this status and end is one the business has on `today`."""
    return status == choices.LicenceStatus.HAS and (expires_on is None or expires_on >= today)


class Licence(models.Model):
    """Legalitas of one kind: has, has none, not known, not required; with number and dates."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="licences")
    kind = models.CharField(_("jenis"), max_length=8, choices=choices.LicenceKind)
    status = models.CharField(_("status"), max_length=12, choices=choices.LicenceStatus)
    number = models.CharField(_("nomor"), max_length=80, blank=True)
    issued_on = models.DateField(_("terbit"), null=True, blank=True)
    expires_on = models.DateField(_("berlaku sampai"), null=True, blank=True)
    checked_on = models.DateField(_("diperiksa"), null=True, blank=True)
    note = models.CharField(_("keterangan"), max_length=300, blank=True)
    ended_on = models.DateField(null=True, editable=False)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["number"], name="licence_number")]

    def __str__(self):
        return self.get_kind_display()

    @property
    def is_valid(self):
        """Whether the business has it today."""
        return is_valid(self.status, self.expires_on, timezone.localdate())


class Product(models.Model):
    """Something the business makes or sells. Price in whole rupiah per unit."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="products")
    name = models.CharField(_("nama produk"), max_length=200)
    price_idr = models.BigIntegerField(_("harga"), null=True, blank=True)
    unit = models.CharField(_("satuan"), max_length=40, blank=True)
    description = models.TextField(_("keterangan"), blank=True)
    material = models.TextField(_("bahan dan ceritanya"), blank=True)
    technique = models.CharField(_("teknik"), max_length=200, blank=True)
    ended_on = models.DateField(null=True, editable=False)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="product_price_not_negative", condition=Q(price_idr=None) | Q(price_idr__gte=0)
            )
        ]

    def __str__(self):
        return self.name


class Photo(models.Model):
    """A published picture, re-encoded without EXIF; the file lies in the private store."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="photos")
    kind = models.CharField(_("jenis"), max_length=7, choices=choices.PhotoKind, default="product")
    caption = models.CharField(_("keterangan"), max_length=200, blank=True)
    file = models.FileField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    ended_on = models.DateField(null=True, editable=False)

    objects = CurrentQuerySet.as_manager()

    def __str__(self):
        return self.get_kind_display()


class ConsentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """The owner lets the public see one group of facts: which text, through which channel, from which day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="consents")
    group = models.CharField(_("kelompok"), max_length=11, choices=choices.ConsentGroup)
    given_on = models.DateField(_("diberikan"))
    text_version = models.CharField(_("versi naskah"), max_length=40)
    channel = models.CharField(_("saluran"), max_length=9, choices=choices.ConsentChannel)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "group"], condition=Q(withdrawn_at=None), name="consent_once_at_a_time"
            ),
            models.CheckConstraint(
                name="consent_withdrawn_at_and_by_together",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.get_group_display()

    @transaction.atomic
    def withdraw(self, *, by):
        """Take the consent back, at once and without review (UU 27/2022 art. 9).

        Hides the group on the public pages in the same transaction. Raises Refused when withdrawn already
        or out of reach.
        """
        business = Business.objects.get(pk=self.business_id)
        business._locked(by, "registry.withdraw_consent")
        self.refresh_from_db(from_queryset=Consent.objects.select_for_update(of=("self",)))
        if self.withdrawn_at:
            raise Refused("consent-withdrawn", _("Persetujuan ini sudah ditarik."))
        self.withdrawn_at, self.withdrawn_by = timezone.now(), by
        self.save(update_fields=["withdrawn_at", "withdrawn_by"])
        setattr(business, f"shows_{self.group}", False)
        business.changed_at, business.changed_by = self.withdrawn_at, by
        business.version += 1
        business.save(update_fields=[f"shows_{self.group}", "changed_at", "changed_by", "version"])
        audit.record("consent.withdrawn", business, by=by, about=business.uuid, group=self.group)


class ScaleRecord(models.Model):
    """The scale a business had from a day on, by which basis: the evidence of "naik kelas"."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="scales")
    scale = models.CharField(_("skala"), max_length=6, choices=choices.Scale)
    basis = models.CharField(_("dasar"), max_length=9, choices=choices.ScaleBasis)
    effective_on = models.DateField(_("berlaku"))
    value_idr = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["effective_on", "pk"]

    def __str__(self):
        return self.get_scale_display()


def current_of(businesses):
    """Current rows of saved businesses in one query a table: {(model, business pk): [rows]}.

    Covers Licence, Product, Photo, Consent and Ownership (with its person).
    """
    held = {}
    if not businesses:
        return held
    querysets = [
        *(model.objects.current() for model in (Licence, Product, Photo, Consent)),
        Ownership.objects.filter(ended_on=None).select_related("person"),
    ]
    for queryset in querysets:
        for row in queryset.filter(business__in=businesses):
            held.setdefault((queryset.model, row.business_id), []).append(row)
    return held


def row_values(kind, row):
    """The JSON form of a stored belonging, comparable with an item's values."""
    values = {}
    for name in fields.ITEMS[kind]:
        if name in ("attachment", "role"):
            continue
        value = getattr(row, name)
        if name == "domicile":
            value = value.code if value else None
        elif name.endswith("_on"):
            value = value.isoformat() if value else None
        values[name] = value
    return values
