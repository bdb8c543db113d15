"""Persons."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.people.identity import nik_lookups
from registry.regions.access import reach
from registry.regions.models import Region
from umkm_portal.lib.sealed_fields import SealedTextField


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Persons `user` may read: those who live in, or own a business in, the user's kelurahan."""
        there = reach(user, "registry.view_person")
        if there.everywhere:
            return self
        if not there:
            return self.none()
        here = there.kelurahan
        return self.filter(
            Q(domicile__in=here)
            | Q(
                pk__in=self.model.ownerships.rel.related_model.objects.filter(
                    business__kelurahan__in=here, ended_on=None
                ).values("person_id")
            )
        )

    def with_nik(self, number):
        """The person with exactly this NIK, whatever key it was filed under."""
        return self.filter(nik_lookup__in=nik_lookups(number))


class Person(models.Model):
    """A person the office knows: an owner, a participant, or somebody who has no business yet.

    Phone numbers are shared by families and enumerators and are never a key; `phone_of` says whose it is.
    """

    class NikAnswer(models.TextChoices):
        GIVEN = "given", _("Diberikan")
        LATER = "later", _("Menyusul")
        NONE = "none", _("Tidak ada")
        REFUSED = "refused", _("Tidak bersedia")

    class Sex(models.TextChoices):
        FEMALE = "P", _("Perempuan")
        MALE = "L", _("Laki-laki")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = SealedTextField(_("nama"))
    name_words = models.TextField(editable=False, default="")  # derived: sealing.word_tokens of the name
    nik_answer = models.CharField("NIK", max_length=8, choices=NikAnswer, blank=True)
    nik_sealed = models.TextField(blank=True, editable=False)
    nik_lookup = models.CharField(max_length=64, null=True, editable=False)
    nik_last4 = models.CharField(max_length=4, blank=True, editable=False)
    kk_sealed = models.TextField(blank=True, editable=False)
    kk_lookup = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    kk_last4 = models.CharField(max_length=4, blank=True, editable=False)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True)
    born_on = models.DateField(_("tanggal lahir"), null=True, blank=True)
    phone = SealedTextField(_("telepon"), blank=True)
    phone_lookup = models.CharField(max_length=64, blank=True, editable=False)
    phone_of = models.CharField(_("pemilik nomor"), max_length=12, blank=True)
    email = SealedTextField(_("surel"), blank=True)
    address = SealedTextField(_("alamat tinggal"), blank=True)
    domicile = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("kelurahan tinggal"),
    )
    rt = models.PositiveSmallIntegerField("RT", null=True, blank=True)
    rw = models.PositiveSmallIntegerField("RW", null=True, blank=True)
    education = models.CharField(_("pendidikan"), max_length=60, blank=True)
    disability = SealedTextField(_("disabilitas"), blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("orang")
        verbose_name_plural = _("orang")
        permissions = [
            ("lookup_identity", _("Mencari orang dengan NIK")),
            ("reveal_identity", _("Membuka NIK dan KK dengan alasan")),
            ("view_disclosures", _("Melihat siapa yang membuka data seseorang")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["nik_lookup"], condition=Q(nik_lookup__isnull=False), name="person_nik_once"
            ),
            models.CheckConstraint(
                name="person_nik_sealed_and_findable",
                condition=Q(nik_lookup=None, nik_sealed="", nik_last4="")
                | (Q(nik_lookup__isnull=False) & ~Q(nik_sealed="") & ~Q(nik_last4="")),
            ),
        ]
        indexes = [models.Index(fields=["phone_lookup"], name="person_phone")]

    def __str__(self):
        return self.name

    @property
    def nik_masked(self):
        """ "•••• 1234", never more."""
        return f"•••• {self.nik_last4}" if self.nik_last4 else ""
