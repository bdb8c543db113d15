"""Idempotency-Key: a POST sent twice over a bad line is done once, and answered alike.

The key's row is claimed first; the act and its answer are then written in one transaction that holds the
row, so that either both happened or neither did. What two clients send at the same moment meets at the row:
PostgreSQL tells the second that the first is at work, SQLite lets it wait.
"""

import hashlib
import json
import re
from datetime import timedelta
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from accounts.models import IdempotentRequest
from umkm_portal.lib.sealing import lookups

KEPT = timedelta(hours=24)
KEY = re.compile(r"^[\x21-\x7e]{1,100}$")
KEPT_HEADERS = ("ETag", "Location", "Retry-After")
# Nothing happened, and the same words may soon be right: not remembered.
NOT_KEPT = {status.HTTP_412_PRECONDITION_FAILED, status.HTTP_428_PRECONDITION_REQUIRED}


class BadKey(exceptions.APIException):
    """400: a key that is none."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency-key-invalid"
    default_detail = _("Idempotency-Key terdiri dari 1 sampai 100 huruf, angka atau tanda tanpa spasi.")


class KeyReused(exceptions.APIException):
    """422: the key belongs to another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency-key-reused"
    default_detail = _("Idempotency-Key ini sudah dipakai untuk permintaan lain. Buat kunci yang baru.")


class InProgress(exceptions.APIException):
    """409: the first request with this key is still at work."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "in-progress"
    default_detail = _("Permintaan dengan Idempotency-Key ini sedang dikerjakan. Coba lagi sebentar.")
    wait = 1  # seconds; becomes Retry-After


class Idempotent:
    """Mixin for API views: a POST with an Idempotency-Key is done once a user and key within 24 hours.

    Who may ask is checked first, every time. Answers are kept sealed, also refusals; 5xx, 412 and 428 are
    not. Visitors' requests carry no key: they change nothing but the token they are given, which is not kept.
    """

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        handler = getattr(self, "post", None)
        if key is None or request.method != "POST" or handler is None or not request.user.is_authenticated:
            return
        if not KEY.match(key):
            raise BadKey
        self.post = partial(self._once, handler, key)

    def _once(self, handler, key, request, *args, **kwargs):
        prints = fingerprints(request)
        row = _claim(request.user, key, prints[0])
        with transaction.atomic():
            _hold(row, prints)
            if row.status is not None:
                return _again(row)
            try:
                with transaction.atomic():
                    response = handler(request, *args, **kwargs)
            except Exception as error:
                response = self.handle_exception(error)  # raises what is a 500: then nothing is kept
            if response.status_code >= 500 or response.status_code in NOT_KEPT:
                row.delete()
            else:
                _keep(row, response)
        return response


def fingerprints(request):
    """What makes two requests the same: method, address and content; keyed, as it may hold a NIK.

    One for each key we hold, newest first: a request repeated after IDENTITY_KEY was rotated is the same.
    """
    data = request.data
    if hasattr(data, "lists"):
        data = [[name, [_content(value) for value in values]] for name, values in sorted(data.lists())]
    text = json.dumps([request.method, request.get_full_path(), data], sort_keys=True)
    return lookups("idempotent-request", text)


def _content(value):
    """A form's value; of a file its name and a digest, as the boundary between parts differs each time."""
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, value.size, digest.hexdigest()]


def _claim(user, key, fingerprint):
    """The row of this user and key, made when it is new. Kept as a keyed hash: a key may be anything."""
    names = lookups("idempotency-key", key)
    rows = IdempotentRequest.objects.defer("body")
    kept = rows.filter(user=user, key__in=names).first()
    if kept is None:
        kept, _new = rows.get_or_create(user=user, key=names[0], defaults={"fingerprint": fingerprint})
    return kept


def _hold(row, prints):
    """Read the row again under lock. Raises InProgress, KeyReused."""
    held = IdempotentRequest.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
    if held is None:  # locked by the first request, or just let go by it
        raise InProgress
    row.fingerprint, row.status, row.body, row.made_at = (
        held.fingerprint,
        held.status,
        held.body,
        held.made_at,
    )
    if row.made_at <= timezone.now() - KEPT:  # forgotten, though not yet deleted
        row.fingerprint, row.status, row.body, row.made_at = prints[0], None, "", timezone.now()
    elif row.status is None:
        row.fingerprint = prints[0]  # the one who claimed it never got to work
    elif row.fingerprint not in prints:
        raise KeyReused


def _keep(row, response):
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    row.status = response.status_code
    row.body = json.dumps({"data": response.data, "headers": headers}, cls=JSONEncoder)
    row.save(update_fields=["fingerprint", "status", "body", "made_at"])


def _again(row):
    kept = json.loads(row.body)
    headers = kept["headers"] | {"Idempotency-Replayed": "true"}
    return Response(kept["data"], row.status, headers=headers)


def delete_answered(now=None):
    """Delete what was answered 24 hours ago; returns how many."""
    return IdempotentRequest.objects.filter(made_at__lte=(now or timezone.now()) - KEPT).delete()[0]
