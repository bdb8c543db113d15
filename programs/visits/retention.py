"""How long words and pictures of the field are kept (docs/personal-data.md); one business's go when asked.

What was done, where and when stays: monthly reports and counts stand on it. Only free text, pictures and
exact places go.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from programs.visits.follow_ups import FollowUp, FollowUpNote
from programs.visits.mentoring import Mentoring, MentoringSession
from programs.visits.models import Visit, VisitPhoto
from programs.visits.proposals import Proposal
from registry.checks.models import Check
from registry.reports.models import VisitRequest
from umkm_portal.lib.text import clean_text, mask_long_digits

REPORT_PHOTO = timedelta(days=180)  # since the report was closed or withdrawn
PICTURE = timedelta(days=365)  # of a visit; of a problem since it was closed
WORDS = timedelta(days=365)  # of a report since it was closed; of a check since it was seen
SPOKEN = timedelta(days=730)  # what somebody said at a forum, since the answer

NO_PLACE = {"latitude": None, "longitude": None, "accuracy_m": None, "told_place": ""}
NEXT = {"version": F("version") + 1}


def forget_pictures(now=None):
    """Delete pictures that served their purpose; returns how many."""
    now = now or timezone.now()
    told = VisitRequest.objects.filter(closed_at__lt=now - REPORT_PHOTO)
    solved = FollowUp.objects.filter(closed_at__lt=now - PICTURE)
    visited = VisitPhoto.objects.filter(visit__on__lt=timezone.localdate(now - PICTURE))
    return _drop(told, "photo") + _drop(solved, "evidence_photo") + _drop_visits_photos(visited)


def forget_words(now=None):
    """Empty notes of old reports and checks and what was said at forums; returns how many rows."""
    now = now or timezone.now()
    told = VisitRequest.objects.filter(closed_at__lt=now - WORDS)
    seen = Check.objects.filter(seen_on__lt=timezone.localdate(now - WORDS)).exclude(note="")
    spoken = Proposal.objects.filter(answered_at__lt=now - SPOKEN).exclude(text="", place="")
    count = told.exclude(note="", answer="", latitude=None, told_place="").update(
        note="", answer="", **NO_PLACE, **NEXT
    )
    return count + seen.update(note="") + spoken.update(text="", place="", answer="", **NEXT)


@transaction.atomic
def forget_business(business, *, by, reason):
    """Empty what the field's rows say about this business, as its owner asks (UU 27/2022 pasal 8).

    Written to the audit trail. Returns how many rows were touched.
    """
    requests = VisitRequest.objects.filter(business=business)
    visits = Visit.objects.filter(business=business)
    problems = FollowUp.objects.filter(business=business)
    count = _drop(requests, "photo") + _drop(problems, "evidence_photo")
    count += _drop_visits_photos(VisitPhoto.objects.filter(visit__in=visits))
    count += requests.update(note="", answer="", **NO_PLACE, **NEXT)
    count += visits.update(who="", production="", marketing="", problems="", needs="", **NEXT)
    count += problems.update(problem="", evidence="", **NEXT)
    count += FollowUpNote.objects.filter(follow_up__in=problems).exclude(text="").update(text="")
    series = Mentoring.objects.filter(business=business)
    count += series.update(result_note="", **NEXT)
    count += MentoringSession.objects.filter(mentoring__in=series).exclude(note="").update(note="")
    count += Check.objects.filter(business=business).exclude(note="").update(note="")
    count += Proposal.objects.filter(business=business).update(text="", place="", business=None, **NEXT)
    reason = clean_text(mask_long_digits(reason or ""))[:2000]
    audit.record("field.forgotten", business, by=by, about=business.uuid, count=count, reason=reason)
    return count


def _drop(rows, name):
    """Delete the file in column `name` of these rows; the row stays, and knows its file's digest."""
    count = 0
    for row in rows.exclude(**{name: ""}).only("pk", name).iterator(chunk_size=200):
        kept = getattr(row, name)
        storage, path = kept.storage, kept.name
        type(row).objects.filter(pk=row.pk).update(**{name: ""}, **NEXT)
        transaction.on_commit(lambda storage=storage, path=path: storage.delete(path))
        count += 1
    return count


def _drop_visits_photos(rows):
    count = 0
    for photo in rows.iterator(chunk_size=200):
        storage, path = photo.file.storage, photo.file.name
        photo.delete()
        transaction.on_commit(lambda storage=storage, path=path: storage.delete(path))
        count += 1
    return count
