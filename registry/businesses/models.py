"""The business itself. What belongs to it stands in belongings.py."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import choices
from registry.people.models import Person
from registry.regions.access import held_on, reach, within_reach
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_text, mask_long_digits


class BusinessQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Businesses `user` may read on working pages; rows without a kelurahan are the city's."""
        return within_reach(self.filter(merged_into=None), user, "registry.view_business")

    def public(self):
        """What the public directory may show: recorded, open in some way, not withdrawn from view."""
        return self.filter(
            merged_into=None,
            public_opt_out=False,
            kelurahan__isnull=False,
            operating_state__in=choices.OPEN_STATES,
        )

    def for_list(self):
        """The columns a list shows, with their names joined."""
        return self.select_related("kelurahan__parent", "kbli", "subsector")


class Business(models.Model):
    """One unit of business at one place. Changed only through a Submission (submissions/apply.py).

    Money is whole rupiah. A band stands as `x_idr`..`x_upper_idr`, with the words as told in `x_told`;
    None is "not asked", 0 is an answer. Being here means *terdata* (recorded), not verified.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=90, unique=True, editable=False)

    name = models.CharField(_("nama usaha"), max_length=250)
    activity = models.TextField(_("produk atau kegiatan"), blank=True)
    description = models.TextField(_("cerita"), blank=True)
    legal_form = models.CharField(_("bentuk usaha"), max_length=13, choices=choices.LegalForm, blank=True)

    kelurahan = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="businesses", verbose_name=_("kelurahan")
    )
    rt = models.PositiveSmallIntegerField("RT", null=True, blank=True)
    rw = models.PositiveSmallIntegerField("RW", null=True, blank=True)
    address = models.TextField(_("alamat"), blank=True)
    stall = models.CharField(_("nomor kios atau stan"), max_length=60, blank=True)
    place_kind = models.CharField(_("jenis tempat"), max_length=10, choices=choices.PlaceKind, blank=True)
    latitude = models.DecimalField(_("lintang"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("bujur"), max_digits=9, decimal_places=6, null=True, blank=True)

    phone = SealedTextField(_("telepon"), blank=True)
    phone_of = models.CharField(_("pemilik nomor"), max_length=12, choices=choices.PhoneOf, blank=True)
    phone_other = SealedTextField(_("telepon lain"), blank=True)
    email = SealedTextField(_("surel"), blank=True)
    website = models.CharField(_("situs web"), max_length=300, blank=True)
    instagram = models.CharField(max_length=100, blank=True)
    marketplace = models.CharField(_("toko daring"), max_length=300, blank=True)
    opening_hours = models.CharField(_("jam buka"), max_length=200, blank=True)

    kbli = models.ForeignKey(
        Kbli, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="KBLI"
    )
    subsector = models.ForeignKey(
        Subsector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("subsektor ekraf")
    )
    other_subsectors = models.ManyToManyField(Subsector, blank=True, related_name="+")
    sector_told = models.CharField(_("bidang menurut daftar"), max_length=300, blank=True)

    founded_on = models.DateField(_("tanggal berdiri"), null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("tahun berdiri"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("tenaga kerja"), null=True, blank=True)
    workers_upper = models.PositiveIntegerField(null=True, blank=True)
    workers_told = models.CharField(max_length=200, blank=True)

    capital_idr = models.BigIntegerField(_("modal usaha"), null=True, blank=True)
    capital_upper_idr = models.BigIntegerField(null=True, blank=True)
    capital_told = models.CharField(max_length=200, blank=True)
    turnover_answer = models.CharField(
        _("omzet, jawaban"), max_length=8, choices=choices.TurnoverAnswer, blank=True
    )
    turnover_idr = models.BigIntegerField(_("omzet"), null=True, blank=True)
    turnover_upper_idr = models.BigIntegerField(null=True, blank=True)
    turnover_period = models.CharField(_("omzet per"), max_length=5, choices=choices.Period, blank=True)
    turnover_days_per_week = models.PositiveSmallIntegerField(
        _("hari jualan seminggu"), null=True, blank=True
    )
    turnover_is_estimate = models.BooleanField(_("perkiraan"), default=False)
    turnover_told = models.CharField(max_length=200, blank=True)
    investment_idr = models.BigIntegerField(_("nilai investasi"), null=True, blank=True)

    scale = models.CharField(_("skala"), max_length=6, choices=choices.Scale, blank=True)
    scale_basis = models.CharField(_("dasar skala"), max_length=9, choices=choices.ScaleBasis, blank=True)
    scale_on = models.DateField(_("skala per"), null=True, blank=True)

    operating_state = models.CharField(
        _("keadaan"),
        max_length=15,
        choices=choices.OperatingState,
        default=choices.OperatingState.ACTIVE,
    )
    season_months = models.JSONField(_("bulan buka"), default=list, blank=True)
    public_opt_out = models.BooleanField(_("tidak ditampilkan kepada masyarakat"), default=False)

    # Dated facts set by verbs of their own.
    last_confirmed_on = models.DateField(_("terakhir dipastikan"), null=True, editable=False)
    existence_verified_at = models.DateTimeField(null=True, editable=False)
    existence_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    existence_verified_how = models.CharField(
        max_length=8, choices=choices.VerificationHow, blank=True, editable=False
    )
    identity_verified_at = models.DateTimeField(null=True, editable=False)
    identity_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    identity_verified_how = models.CharField(
        max_length=8, choices=choices.VerificationHow, blank=True, editable=False
    )
    curated_on = models.DateField(_("terkurasi"), null=True, editable=False)
    assisted_on = models.DateField(_("binaan"), null=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")

    # Derived by apply and the six verbs, rebuilt by `manage.py rebuild_derived`.
    annual_sales_idr = models.BigIntegerField(_("omzet per tahun"), null=True, editable=False)
    industry_class = models.CharField(
        _("kelas industri"), max_length=6, choices=choices.IndustryClass, blank=True, editable=False
    )
    search_keys = models.TextField(editable=False, default="")  # registry.search.index.search_keys
    facet_key = models.CharField(max_length=60, editable=False, default="")  # registry.search.facets
    owner_name = SealedTextField(_("pemilik"), blank=True, editable=False)
    owner_words = models.TextField(editable=False, default="")  # sealing.word_tokens of owner_name
    phone_lookup = models.CharField(max_length=64, blank=True, editable=False)
    name_has_owner = models.BooleanField(default=False, editable=False)
    shows_owner_name = models.BooleanField(default=False, editable=False)
    shows_phone = models.BooleanField(default=False, editable=False)
    shows_address = models.BooleanField(default=False, editable=False)
    shows_photo = models.BooleanField(default=False, editable=False)
    shows_exact_place = models.BooleanField(default=False, editable=False)
    has_nib = models.BooleanField(default=False, editable=False)
    has_halal = models.BooleanField(default=False, editable=False)
    has_pirt = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # moves with every applied change
    recorded_at = models.DateTimeField(editable=False, default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(editable=False, default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = BusinessQuerySet.as_manager()

    class Meta:
        verbose_name = _("usaha")
        verbose_name_plural = _("usaha")
        permissions = [
            ("view_turnover", _("Melihat omzet, modal dan disabilitas")),
            ("export_business", _("Mengunduh daftar usaha")),
            ("withdraw_consent", _("Mencatat penarikan persetujuan")),
            ("verify_business", _("Memverifikasi keberadaan dan identitas")),
            ("confirm_business", _("Memastikan usaha masih aktif")),
            ("recognise_business", _("Mencatat kurasi dan binaan")),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="business_name"),
            models.Index(fields=["kelurahan", "name", "id"], name="business_kelurahan_name"),
            models.Index(fields=["changed_at", "id"], name="business_changed"),
            models.Index(fields=["subsector", "id"], name="business_subsector"),
            models.Index(fields=["phone_lookup"], name="business_phone"),
            # Points on the public map: of a kecamatan, and of what somebody looks at.
            models.Index(
                fields=["kelurahan", "latitude", "longitude"],
                condition=Q(shows_exact_place=True),
                name="business_point_place",
            ),
            models.Index(
                fields=["latitude", "longitude"], condition=Q(shows_exact_place=True), name="business_point"
            ),
        ]
        constraints = [
            models.CheckConstraint(name="business_name_not_blank", condition=~Q(name="")),
            models.CheckConstraint(
                name="business_money_not_negative",
                condition=(Q(capital_idr=None) | Q(capital_idr__gte=0))
                & (Q(turnover_idr=None) | Q(turnover_idr__gte=0))
                & (Q(investment_idr=None) | Q(investment_idr__gte=0)),
            ),
            models.CheckConstraint(
                name="business_scale_with_basis",
                condition=Q(scale="", scale_basis="") | (~Q(scale="") & ~Q(scale_basis="")),
            ),
            models.CheckConstraint(
                name="business_existence_verified_whole",
                condition=Q(existence_verified_at=None, existence_verified_by=None, existence_verified_how="")
                | (
                    Q(existence_verified_at__isnull=False, existence_verified_by__isnull=False)
                    & ~Q(existence_verified_how="")
                ),
            ),
            models.CheckConstraint(
                name="business_identity_verified_whole",
                condition=Q(identity_verified_at=None, identity_verified_by=None, identity_verified_how="")
                | (
                    Q(identity_verified_at__isnull=False, identity_verified_by__isnull=False)
                    & ~Q(identity_verified_how="")
                ),
            ),
            models.CheckConstraint(
                name="business_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Its page on the working side; the public one is `public_url`."""
        return reverse("business-detail", args=[self.uuid])

    @property
    def is_public(self):
        """Whether this row is one of `Business.objects.public()`."""
        return (
            self.merged_into_id is None
            and not self.public_opt_out
            and self.kelurahan_id is not None
            and self.operating_state in choices.OPEN_STATES
        )

    @property
    def public_url(self):
        return reverse("directory-business", args=[self.slug])

    def _locked(self, user, permission, *, on=None):
        """This row under lock, inside the user's reach for `permission`, today's or that of the day `on`.
        Raises Refused."""
        self.refresh_from_db(from_queryset=Business.objects.select_for_update(of=("self",)))
        if reach(user, permission).covers(self.kelurahan_id):
            return
        if on is None or not held_on(user, permission, self.kelurahan_id, on):
            raise not_found()

    @transaction.atomic
    def verify(self, what, *, how, by):
        """Record that existence or identity was checked. One of the six acts that are no proposals.

        `what` is "existence" or "identity", `how` a VerificationHow. Raises Refused out of reach.
        """
        self._locked(by, "registry.verify_business")
        if what not in ("existence", "identity") or how not in choices.VerificationHow.values:
            raise Refused("verification-unknown", _("Cara verifikasi tidak dikenal."))
        now = timezone.now()
        setattr(self, f"{what}_verified_at", now)
        setattr(self, f"{what}_verified_by", by)
        setattr(self, f"{what}_verified_how", how)
        fields = [f"{what}_verified_{part}" for part in ("at", "by", "how")]
        if what == "existence":
            self.last_confirmed_on = timezone.localdate()
            fields.append("last_confirmed_on")
        self.save(update_fields=fields)
        audit.record(f"business.{what}-verified", self, by=by, about=self.uuid, how=how)

    @transaction.atomic
    def confirm_active(self, *, on, by):
        """Record that it was seen at work on `on`; a post held on that day suffices. `by` None: its owner, by
        a personal link that the caller has checked. Raises Refused for a future day or a closed business."""
        if by is None:
            self.refresh_from_db(from_queryset=Business.objects.select_for_update(of=("self",)))
        else:
            self._locked(by, "registry.confirm_business", on=on)
        if on > timezone.localdate():
            raise Refused("confirmed-in-future", _("Tanggal dipastikan tidak boleh di masa depan."))
        if self.operating_state == choices.OperatingState.CLOSED:
            raise Refused("business-closed", _("Usaha ini tercatat tutup. Ajukan buka kembali lebih dulu."))
        self.last_confirmed_on = max(on, self.last_confirmed_on or on)
        self.save(update_fields=["last_confirmed_on"])
        audit.record("business.confirmed", self, by=by, about=self.uuid, on=on.isoformat())

    @transaction.atomic
    def unconfirm(self, *, on, before, by):
        """Take back a confirmation of `on`: `before` (a day or None) is the last again. Nothing to do where
        another day stands there. The caller has checked that it was `by`'s (Check.take_back)."""
        self.refresh_from_db(from_queryset=Business.objects.select_for_update(of=("self",)))
        if self.last_confirmed_on != on or before == on:
            return
        self.last_confirmed_on = before
        self.save(update_fields=["last_confirmed_on"])
        audit.record("business.unconfirmed", self, by=by, about=self.uuid, on=on.isoformat())

    RECOGNITIONS = {"curated": "curated_on", "assisted": "assisted_on"}

    @transaction.atomic
    def recognise(self, what, *, on, by, note=""):
        """Record that the office curated it ("curated") or guides it ("assisted", binaan) since `on`.

        One of the six acts that are no proposals. Raises Refused: recognition-unknown, recognised-in-future.
        """
        self._locked(by, "registry.recognise_business")
        if what not in self.RECOGNITIONS:
            raise Refused("recognition-unknown", _("Pengakuan ini tidak dikenal."))
        if on > timezone.localdate():
            raise Refused(
                "recognised-in-future",
                _("Tanggalnya tidak boleh di masa depan."),
                fields={"on": _("Pilih hari ini atau sebelumnya.")},
            )
        setattr(self, self.RECOGNITIONS[what], on)
        self.save(update_fields=[self.RECOGNITIONS[what]])
        note = clean_text(mask_long_digits(note or ""))[:500]
        audit.record(f"business.{what}", self, by=by, about=self.uuid, on=on.isoformat(), note=note)

    @transaction.atomic
    def unrecognise(self, what, *, by, reason):
        """Take a recognition back, with the reason. Raises Refused: not-recognised, reason-missing."""
        self._locked(by, "registry.recognise_business")
        reason = clean_text(mask_long_digits(reason or ""))[:500]
        if what not in self.RECOGNITIONS:
            raise Refused("recognition-unknown", _("Pengakuan ini tidak dikenal."))
        if not reason:
            raise Refused("reason-missing", _("Tulis alasannya."), fields={"reason": _("Isian ini wajib.")})
        if getattr(self, self.RECOGNITIONS[what]) is None:
            raise Refused("not-recognised", _("Usaha ini tidak tercatat demikian."))
        setattr(self, self.RECOGNITIONS[what], None)
        self.save(update_fields=[self.RECOGNITIONS[what]])
        audit.record(f"business.{what}-ended", self, by=by, about=self.uuid, reason=reason)


class Ownership(models.Model):
    """A person owns or runs a business from one day to another; rows end, they are not deleted."""

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="ownerships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="ownerships")
    role = models.CharField(
        _("peran"), max_length=7, choices=choices.OwnerRole, default=choices.OwnerRole.OWNER
    )
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "person"], condition=Q(ended_on=None), name="ownership_once_at_a_time"
            ),
        ]

    def __str__(self):
        return self.get_role_display()
