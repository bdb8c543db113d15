"""Acts on an account's second factor: an admin's reset, and forgetting one's own devices."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.sessions import end_sessions
from accounts.tokens import end_all
from umkm_portal.lib.errors import Refused


@transaction.atomic
def reset(user, *, by):
    """Take away a lost second factor: the authenticator, recovery codes, remembered devices, all sessions
    and tokens end. Raises Refused for one's own, and where there is none."""
    if not by.has_perm("accounts.change_user"):
        raise Refused("not-allowed", _("Hanya admin yang dapat melakukan ini."))
    if user.pk == by.pk:
        raise Refused("second-factor-own", _("Pengaman diri sendiri dihapus oleh admin lain."))
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise Refused("second-factor-none", _("Akun ini tidak memakai pengaman dua langkah."))
    audit.record("account.second-factor-reset", user, by=by)
    end_sessions(user)
    end_all(user, by=by)


@transaction.atomic
def forget_devices(user, *, by):
    """No browser is remembered any more; the authenticator and the recovery codes stay. Raises Refused.

    A remembered browser holds a print of the authenticators' primary keys (allauth.mfa.internal.flows.trust):
    as a new row the same authenticator fits it no more.
    """
    row = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        raise Refused("second-factor-none", _("Akun ini tidak memakai pengaman dua langkah."))
    kept = {name: getattr(row, name) for name in ("type", "data", "created_at", "last_used_at")}
    fresh = Authenticator(user=user, **kept)
    row.delete()
    fresh.save(force_insert=True)
    audit.record("account.devices-forgotten", user, by=by)
