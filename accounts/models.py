"""The user, the audit trail, and two things kept for a user: saved views and answered requests."""

from uuid import uuid4

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.sealed_fields import SealedJSONField, SealedTextField


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

    def lacks_second_factor(self):
        """Whether this user acts in a session or by a token that showed no second factor.

        Code that acts for a user outside a request lacks nothing; `second_factor.watch` sets the question
        for who signed in.
        """
        asked = getattr(self, "_second_factor", None)
        return asked is not None and not asked()

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class AuditQuerySet(models.QuerySet):
    def update(self, **values):
        raise TypeError(APPEND_ONLY)

    def delete(self):
        raise TypeError(APPEND_ONLY)


APPEND_ONLY = "The audit trail is append-only."


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

    def save(self, *args, **options):
        """Refuses what was written already: the first belt; on PostgreSQL a trigger is the second."""
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        return super().save(*args, **options)

    def delete(self, *args, **options):
        raise TypeError(APPEND_ONLY)


class SavedView(models.Model):
    """A list as somebody likes to see it: its filters, order and columns under a title, private or shared.

    `page` is the URL name of the list, `query` the query string without cursors. What a shared view shows
    is still each reader's own reach.
    """

    UNATTENDED = {"saved"}  # its person is `user`

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    title = models.CharField(_("nama tampilan"), max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("dibagikan"), default=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("tampilan tersimpan")
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "title"], name="saved_view_title_once"),
            models.CheckConstraint(name="saved_view_title_not_blank", condition=~Q(title="")),
        ]

    def __str__(self):
        return self.title


class IdempotentRequest(models.Model):
    """An API request that carried an Idempotency-Key, and what was answered; kept for a day.

    `status` is empty while the first one is still at work. The same key with another `fingerprint`
    (method, path, body) is refused. The body may hold personal data, so it is sealed.
    """

    UNATTENDED = {"made"}  # its person is `user`

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = SealedTextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self):
        return self.key
