"""Work over about a second: reading, sending and applying a list. Jobs act as the user who started them."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from registry.submissions.actions import apply_batch
from registry.submissions.batches import Batch
from umkm_portal.lib.errors import Refused

from . import actions
from .models import Import

log = logging.getLogger(__name__)
SMALL_FILE = 60_000  # bytes; read while the uploader waits
SMALL_LIST = 200  # rows; sent and applied while they wait


@task()
def read_import(pk):
    """Read an uploaded file and keep its rows."""
    row = Import.objects.filter(pk=pk, state=Import.State.READING).first()
    if row is None:
        return
    try:
        actions.read(row)
    except Exception:
        row.fail(
            Refused(
                "import-failed", _("Berkas ini tidak dapat dibaca. Simpan ulang di Excel, lalu unggah lagi.")
            )
        )
        log.error("reading import %s failed", pk)
        raise


@task()
def send_import(pk):
    """Make the batch of a list whose sending began."""
    row = Import.objects.filter(pk=pk, state=Import.State.SENDING).first()
    if row is None:
        return
    try:
        actions.send(row)
    except Exception as error:
        row.refresh_from_db()
        row.sending_failed(error if isinstance(error, Refused) else None)
        if not isinstance(error, Refused):
            log.error("sending import %s failed", pk)
            raise


@task()
def apply_import(pk):
    """Apply an approved batch; resumes where an interrupted run stopped."""
    batch = Batch.objects.filter(pk=pk, state__in=[Batch.State.APPROVED, Batch.State.APPLYING]).first()
    if batch is None:
        return
    upload = Import.objects.filter(batch=batch).first()
    apply_batch(batch, progress=upload.progress if upload else None)


def start_reading(row):
    """Read a small file now, a larger one as a job."""
    if row.size <= SMALL_FILE:
        read_import.call(row.pk)
    else:
        _enqueue(read_import, row.pk)
    row.refresh_from_db()


def start_sending(row, *, by):
    """Send a read list: a short one now, a longer one as a job. Raises Refused."""
    row.begin_sending(by=by)
    if row.counts["accepted"] <= SMALL_LIST:
        send_import.call(row.pk)
    else:
        _enqueue(send_import, row.pk)
    row.refresh_from_db()


def approve(row, *, by):
    """Approve the batch of a list and apply it. Raises Refused."""
    approve_batch(row.sent_batch(), by=by)
    row.refresh_from_db()


def approve_batch(batch, *, by):
    """Approve a batch and apply it: a short one now, a longer one as a job. Raises Refused."""
    batch.approve(by=by)
    if batch.total <= SMALL_LIST:
        apply_import.call(batch.pk)
        return
    for upload in Import.objects.filter(batch=batch):
        upload.progress(0, batch.total)
    _enqueue(apply_import, batch.pk)


def _enqueue(job, pk):
    transaction.on_commit(lambda: job.enqueue(pk))


def resume():
    """Queue again what a stopped worker left unfinished; returns how many jobs.

    Only while no worker runs (`manage.py resume_jobs` before it starts): each job looks at the state of its
    row first, so one that was still in the queue finds nothing left to do.
    """
    jobs = [
        *((read_import, pk) for pk in _pks(Import.objects.filter(state=Import.State.READING))),
        *((send_import, pk) for pk in _pks(Import.objects.filter(state=Import.State.SENDING))),
        *(
            (apply_import, pk)
            for pk in _pks(Batch.objects.filter(state__in=[Batch.State.APPROVED, Batch.State.APPLYING]))
        ),
    ]
    for job, pk in jobs:
        _enqueue(job, pk)
    return len(jobs)


def _pks(queryset):
    return queryset.order_by("pk").values_list("pk", flat=True)
