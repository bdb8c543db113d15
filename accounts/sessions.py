"""Sessions of an account: which there are, and ending them."""

import re
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def sessions_of(user):
    """The user's open sessions, newest first (allauth's rows; those that ended are dropped on the way)."""
    rows = UserSession.objects.purge_and_list(user)
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def device(user_agent):
    """ "Chrome di Android" from what a browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), _("Peramban lain"))
    system = next((name for mark, name in SYSTEMS if re.search(mark, user_agent)), "")
    return _("%(browser)s di %(system)s") % {"browser": browser, "system": system} if system else browser


def end_one(user, pk, *, by):
    """End one session of `user`; True when there was one."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    audit.record("account.session-ended", user, by=by)
    return True


def end_sessions(user, *, but=None):
    """End every session of `user` except the one with key `but`; returns how many.

    Reads all open sessions, because one that was not opened through the sign-in page has no row of its own.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500):
        if session.session_key != but and session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
            ended += 1
    UserSession.objects.filter(user=user).exclude(session_key=but or "").delete()
    return ended


def delete_ended():
    """Delete the addresses and browsers kept of sessions that are over; returns how many."""
    open_keys = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    over = UserSession.objects.exclude(session_key__in=open_keys)
    return over.filter(created_at__lt=timezone.now() - timedelta(hours=1)).delete()[0]
