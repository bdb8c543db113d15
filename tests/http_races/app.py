"""The portal as gunicorn serves it, and, for negative controls, without one of its guards.

`UMKM_WITHOUT` names the guard to leave out: "lock" (rows are read without FOR UPDATE before a decision),
"hold" (an Idempotency-Key is not held while the first request works), "compare" (If-Match is not compared).
Only the tests start it; the constraints are taken from the database by the tests themselves.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def leave_out(guard):
    from accounts import idempotency
    from registry.models import Submission
    from umkm_portal.lib import conditional

    if guard == "lock":
        Submission.lock = lambda self: self.refresh_from_db()
        conditional.Conditional._lock = staticmethod(lambda row: row.refresh_from_db())
    elif guard == "hold":
        idempotency._hold = lambda row, print_: None
    elif guard == "compare":
        conditional.matches = lambda header, tag: True
    else:
        raise SystemExit(f"UMKM_WITHOUT names no guard: {guard}")


if os.environ.get("UMKM_WITHOUT"):
    leave_out(os.environ["UMKM_WITHOUT"])
