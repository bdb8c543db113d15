"""Applying an approved batch, over about a second a job. Jobs act as the user who decided."""

from django.db import transaction
from django_tasks import task

from registry.submissions.actions import apply_batch
from registry.submissions.batches import Batch

SMALL = 200  # rows; applied while the one who approves waits


@task()
def apply_decided(pk):
    """Apply an approved batch; resumes where an interrupted run stopped."""
    batch = Batch.objects.filter(pk=pk, state__in=[Batch.State.APPROVED, Batch.State.APPLYING]).first()
    if batch is not None:
        apply_batch(batch)


def approve(batch, *, by):
    """Approve a batch and apply it: a short one now, a longer one as a job. Raises Refused."""
    batch.approve(by=by)
    if batch.total <= SMALL:
        apply_decided.call(batch.pk)
    else:
        transaction.on_commit(lambda: apply_decided.enqueue(batch.pk))
    batch.refresh_from_db()
