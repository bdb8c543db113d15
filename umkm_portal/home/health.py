"""Whether the portal works: for the watchman, without telling anything about anybody."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from accounts.access import public

QUEUE_LATE_SECONDS = 15 * 60  # a job that nobody has picked up for this long: is the worker running?


@public
@require_safe
@never_cache
def health(request):
    """JSON: status ok (200), late (200: jobs wait too long) or broken (503), and what each part says."""
    parts = {"database": "ok", "migrations": "ok", "queue": {"waiting": 0, "oldest_seconds": 0}}
    status = "ok"
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            parts["migrations"], status = "pending", "broken"
        else:
            parts["queue"] = _queue()
            if parts["queue"]["oldest_seconds"] > QUEUE_LATE_SECONDS:
                status = "late"
    except DatabaseError:
        parts, status = {"database": "unreachable"}, "broken"
    return JsonResponse({"status": status, **parts}, status=503 if status == "broken" else 200)


def _queue():
    """How many jobs wait for the worker, and for how long the oldest has."""
    waiting = DBTaskResult.objects.ready()
    oldest = waiting.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    age = max(int((timezone.now() - oldest).total_seconds()), 0) if oldest else 0
    return {"waiting": waiting.count() if oldest else 0, "oldest_seconds": age}
