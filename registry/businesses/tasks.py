"""Long exports as jobs. A job acts as the user who asked for it, with the reach they have when it runs."""

import logging

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from registry.businesses.export import MOST, exportable, refuse_more_than, workbook
from registry.businesses.jobs import Job
from registry.businesses.listing import Listing
from umkm_portal.lib.errors import Refused

log = logging.getLogger(__name__)


class _Asked:
    """As much of a request as a Listing reads."""

    def __init__(self, user, query):
        self.user, self.GET = user, QueryDict(query)


@task()
def make_export(pk):
    """Make the workbook of an export that was asked for."""
    job = Job.objects.filter(pk=pk, kind=Job.Kind.EXPORT).select_related("asked_by").first()
    if job is None or not job.begin():
        return
    by = job.asked_by
    try:
        listing = Listing(_Asked(by, job.request["query"]))
        rows, count, more = exportable(listing.ordered(), by, MOST)
        if more:
            raise refuse_more_than(MOST)
        now = timezone.now()
        content = workbook(
            rows,
            by=by,
            count=count,
            filters=listing.filterset.words(),
            now=now,
            shown=None if job.request["whole"] else job.request["shown"],
            progress=job.progress,
        )
        job.progress(count, count)
        job.finish(content=content, filename=f"usaha-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx", count=count)
    except Exception as error:
        job.fail(error if isinstance(error, Refused) else None)
        if not isinstance(error, Refused):
            log.error("export job %s failed", pk)
            raise


def start_export(job):
    """Queue an export."""
    transaction.on_commit(lambda: make_export.enqueue(job.pk))


def resume():
    """Queue again the exports a stopped worker left; returns how many. See imports.tasks.resume."""
    pks = list(
        Job.objects.filter(kind=Job.Kind.EXPORT, state__in=Job.OPEN)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in pks:
        transaction.on_commit(lambda pk=pk: make_export.enqueue(pk))
    return len(pks)
