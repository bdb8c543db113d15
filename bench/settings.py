"""Settings of the measurements: the portal's own as a public server has them, from a known environment.

Only `DATABASE_URL` and `BENCH_DIR` are taken from outside. What differs from production: no HTTPS, secrets
that are none, and rate limits nobody reaches (they are counted all the same).
"""

import os
from pathlib import Path

os.environ.update(
    UMKM_ENV_FILE="",
    DEBUG="false",
    SECRET_KEY="only-for-measuring-" + "s" * 40,
    IDENTITY_KEY="only-for-measuring-" + "i" * 40,
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    SITE_URL="http://127.0.0.1:8000",
)

from umkm_portal.settings import *  # noqa: F403
from umkm_portal.settings import CACHES, REST_FRAMEWORK, VAR_DIR

BENCH_DIR = Path(os.environ.get("BENCH_DIR", VAR_DIR / "bench"))
BENCH_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = BENCH_DIR / "media"
STATIC_ROOT = BENCH_DIR / "static"
if "LOCATION" in CACHES["default"]:
    CACHES["default"]["LOCATION"] = BENCH_DIR / "cache"
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(
    REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "100000000/min"
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
ROOT_URLCONF = "bench.urls"
