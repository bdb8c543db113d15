"""Settings of the test suite: the portal's own, started from a known environment.

Nothing of the machine's `var/.env` or of its exported secrets reaches a test; only `DATABASE_URL`
is kept, because it says on which database the suite runs.
"""

import os
import tempfile
from pathlib import Path

os.environ.update(
    UMKM_ENV_FILE="",
    DEBUG="false",
    REQUIRE_SECOND_FACTOR="false",  # the tests of it switch it on
    SECRET_KEY="only-for-tests-" + "s" * 40,
    IDENTITY_KEY="only-for-tests-" + "i" * 40,
    ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
    SITE_URL="http://testserver",
)

from umkm_portal.settings import *  # noqa: F403
from umkm_portal.settings import CACHES, DATABASES, STORAGES

# One folder per process, gone at its end: uploads, photos and the SQLite file. In memory where possible.
_memory = Path("/dev/shm")
SCRATCH = tempfile.TemporaryDirectory(
    prefix="umkm-test-",
    dir=_memory if os.access(_memory, os.W_OK) else None,
    ignore_cleanup_errors=True,
)
MEDIA_ROOT = Path(SCRATCH.name) / "media"

# A file, not SQLite's shared memory: so a live server's threads have connections of their own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(SCRATCH.name) / "test.sqlite3")}

CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Hashing is slow on purpose; accounts by the hundred need not be.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names without a hash: the suite runs without collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Static files are looked up where they lie; nothing is gathered into a folder that might be missing or old.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
