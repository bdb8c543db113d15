"""Sending a bulk change of more than AT_ONCE businesses as a job. It acts as the user who asked for it."""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks import task

from registry.businesses.jobs import Job
from registry.submissions import bulk
from umkm_portal.lib.errors import Refused

log = logging.getLogger(__name__)


@task()
def send_change(pk):
    """Send the bulk change that a job asks for."""
    job = Job.objects.filter(pk=pk, kind=Job.Kind.BULK).select_related("asked_by").first()
    if job is None or not job.begin():
        return
    try:
        bulk.send_job(job)
    except Refused as refused:
        job.fail(refused)
    except ValidationError as error:
        job.fail(Refused("bulk-value", "%(message)s", message=" ".join(error.messages)))
    except Exception:
        job.fail()
        log.error("bulk change %s failed", pk)
        raise


def start(job):
    """Queue it."""
    transaction.on_commit(lambda: send_change.enqueue(job.pk))


def resume():
    """Queue again the bulk changes a stopped worker left; returns how many. See imports.tasks.resume."""
    pks = list(
        Job.objects.filter(kind=Job.Kind.BULK, state__in=Job.OPEN).order_by("pk").values_list("pk", flat=True)
    )
    for pk in pks:
        transaction.on_commit(lambda pk=pk: send_change.enqueue(pk))
    return len(pks)
