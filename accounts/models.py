"""The user and the audit trail."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.sealed_fields import SealedJSONField


class UserManager(BaseUserManager):
    """Makes accounts; there is no sign-up, an admin makes them."""

    use_in_migrations = True

    def create_user(self, username, password=None, *, name="", email="", **flags):
        user = self.model(
            username=self.model.normalize_username(username),
            name=name or username,
            email=self.normalize_email(email),
            **flags,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """The first account of an installation: may enter /admin/ once `assign_post` gave it a post."""
        return self.create_user(username, password, is_staff=True, **fields)


class User(AbstractUser):
    """A person who signs in. What they may do comes from their posts (registry.regions.access) alone:
    there are no superusers, groups or per-user permissions."""

    first_name = None
    last_name = None
    is_superuser = None
    groups = None
    user_permissions = None

    name = models.CharField(_("nama"), max_length=150)
    objects = UserManager()
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        ordering = ["username"]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class AuditQuerySet(models.QuerySet):
    def update(self, **values):
        raise TypeError("The audit trail is append-only.")

    def delete(self):
        raise TypeError("The audit trail is append-only.")


class AuditEntry(models.Model):
    """One line: somebody did something to one thing. Written by verbs, never changed.

    `act` is stable English ("submission.approved"). `target_type`/`target_id` name the row acted on,
    `about` the business it concerns, by uuid, so that a business's whole history is one query.
    `detail` holds field names, notes, reasons and counts, sealed at rest; never a NIK or a phone number.
    """

    UNATTENDED = {"recorded"}  # recorded_by is empty when a rule or the clock acted

    recorded_at = models.DateTimeField(auto_now_add=True, db_index=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.CharField(max_length=40)
    about = models.UUIDField(null=True)
    detail = SealedJSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("jejak")
        indexes = [
            models.Index(fields=["target_type", "target_id", "id"], name="audit_target"),
            models.Index(fields=["about", "id"], name="audit_about"),
        ]

    def __str__(self):
        return f"{self.act} {self.target_type} {self.target_id}"
