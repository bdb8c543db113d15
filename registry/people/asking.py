"""Questions for an exact NIK: how often one may ask, and the line that even a refused one leaves.

Sending a proposal with a NIK that is somebody's already is such a question too: it is refused, and with the
refusal everything its transaction wrote is gone. Its line therefore waits until the request is over.
"""

from contextvars import ContextVar
from types import SimpleNamespace

from django.utils.translation import gettext_lazy as _
from rest_framework.throttling import UserRateThrottle

from accounts import audit
from umkm_portal.lib.errors import Refused

_waiting = ContextVar("questions that wait for their line", default=None)


class Questions(UserRateThrottle):
    """One limit for the page, the API and what is answered in passing: their counters bear the same name."""

    scope = "identity"


def may_ask(user):
    """Count one question of `user`; False when the hour's number is used up."""
    return Questions().allow_request(SimpleNamespace(user=user), None)


def answer_in_passing(person, *, by):
    """Called by a verb about to refuse because this NIK is known: counts and notes the question.

    `person` is None where the answer names nobody. Raises Refused when `by` asked too often.
    """
    if not may_ask(by):
        raise Refused(
            "too-many-questions", _("Terlalu banyak NIK diperiksa dalam satu jam. Coba lagi nanti.")
        )
    lines = _waiting.get()
    if lines is not None:
        found = "in-reach" if person else "refused"
        lines.append(audit.line("identity.looked-up", person or by, by=by, found=found, through="submission"))


class QuestionsMiddleware:
    """Writes the lines that waited, when nothing can roll them back any more."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        before = _waiting.set([])
        try:
            return self.get_response(request)
        finally:
            lines = _waiting.get()
            _waiting.reset(before)
            for line in lines:
                line.save(force_insert=True)
