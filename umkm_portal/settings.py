"""Settings of the portal: one file, safe by default, refusing to start unsafely.

Every value that differs between machines comes from the environment (see `.env.example`); a file
`var/.env` is read when it exists and `UMKM_ENV_FILE` does not name another one.
"""

import importlib.util
import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from umkm_portal.lib.maptiles import tiles

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
ENV_FILE = Path(os.environ.get("UMKM_ENV_FILE", VAR_DIR / ".env"))
if ENV_FILE.is_file():
    env.read_env(ENV_FILE)

# ---- what this machine says ------------------------------------------------------------------

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
IDENTITY_KEY = env.list("IDENTITY_KEY", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
IS_LOCAL = urlsplit(SITE_URL).hostname in LOCAL_HOSTS and set(ALLOWED_HOSTS) <= LOCAL_HOSTS
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=not DEBUG)
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")  # empty: the map asks nobody outside for pictures
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
PROXIES = 0 if IS_LOCAL else 1  # how many stand before us and name the visitor (deploy/nginx.conf)


def _refuse_unsafe_start():
    """Stop before the first request when a secret is missing or a guard is open."""
    if len(SECRET_KEY) < 32:
        raise ImproperlyConfigured("SECRET_KEY is missing or shorter than 32 characters (see .env.example).")
    if not IDENTITY_KEY or any(len(key) < 32 for key in IDENTITY_KEY):
        raise ImproperlyConfigured(
            "IDENTITY_KEY is missing or has a key shorter than 32 characters (see .env.example)."
        )
    if SECRET_KEY in IDENTITY_KEY:
        raise ImproperlyConfigured("IDENTITY_KEY must not repeat SECRET_KEY.")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty (see .env.example).")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts, not '*'.")
    if DEBUG and not IS_LOCAL:
        raise ImproperlyConfigured("DEBUG may only be on for a local host (SITE_URL and ALLOWED_HOSTS).")
    if not DEBUG and not IS_LOCAL and not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must start with https:// on a public host.")
    try:
        tiles(MAP_TILE_URL, MAP_TILE_ATTRIBUTION)
    except ValueError as error:
        raise ImproperlyConfigured(f"{error} (see .env.example).") from error
    if importlib.util.find_spec("psycopg"):
        raise ImproperlyConfigured("psycopg 3 is installed: Django would stop using psycopg2. Uninstall it.")


_refuse_unsafe_start()

# ---- what the project is made of -------------------------------------------------------------

INSTALLED_APPS = [
    "umkm_portal.lib",
    "accounts",
    "registry",
    "programs",
    "umkm_portal.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "umkm_portal.lib.language.LanguageMiddleware",
    "umkm_portal.lib.middleware.RefuseNulMiddleware",
    "umkm_portal.lib.middleware.KeepPrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "umkm_portal.home.kept_form.KeptFormMiddleware",
    "accounts.second_factor.SecondFactorMiddleware",
    "registry.regions.working.WorkingInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "umkm_portal.home.errors.WrongMethodMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "registry.people.asking.QuestionsMiddleware",
]

ROOT_URLCONF = "umkm_portal.urls"
WSGI_APPLICATION = "umkm_portal.wsgi.application"
ASGI_APPLICATION = "umkm_portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "umkm_portal.home.context.portal",
            ],
            "builtins": ["umkm_portal.lib.templatetags.ui", "django.templatetags.i18n"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# ---- the database ----------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'umkm.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # rate limits live here: culling early would forget them
    },
    # Finished public pages, some 10 KB each, in every process: whoever sends odd addresses fills only this.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 3_000},
    },
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ---- who may come in -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.SignInBackend", "registry.regions.access.PostBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignUpAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_TOTP_ISSUER = "UMKM Kota Malang"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.SealedMFAAdapter"
MFA_TRUST_ENABLED = True  # "ingat perangkat ini"
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
SECOND_FACTOR_PERMISSIONS = "registry.regions.roles.SECOND_FACTOR"
REVEALS_PER_DAY = 20  # full NIKs one person may open in a day, each with its reason

LIGHT_CORRECTIONS = env.bool("LIGHT_CORRECTIONS", True)  # city staff's light corrections approve themselves
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "umkm_portal.home.errors.csrf_failure"
DEMO_PASSWORD = "demo-umkm"  # only works with DEBUG on a local host, see `manage.py demo`

# ---- what the browser may do -----------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not IS_LOCAL:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # rate limits count the visitor behind nginx, not nginx
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_WORKBOOK_BYTES = 20 * 1024 * 1024
MAX_PHOTO_BYTES = 15 * 1024 * 1024

# ---- language, time, files -------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"  # chosen on a public page; nothing else decides the language
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = VAR_DIR / "media"  # private: served only by views over `visible_to`
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---- the API ---------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["umkm_portal.lib.api.KnownParametersFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "umkm_portal.lib.paging.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "umkm_portal.lib.schema.Schema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # A view that takes a file adds MultiPartParser for itself.
    "DEFAULT_PARSER_CLASSES": ["umkm_portal.lib.bodies.PlainJSONParser"],
    "EXCEPTION_HANDLER": "umkm_portal.lib.api.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "umkm_portal.lib.throttling.VisitorThrottle",
        "umkm_portal.lib.throttling.ReadThrottle",
        "umkm_portal.lib.throttling.WriteThrottle",
        "umkm_portal.lib.throttling.NamedThrottle",
    ],
    # By address: `anon`. By account: `read`, `write`, and of these `token` (attempts to sign in), `identity`
    # (questions for an exact NIK), `bulk` (up to 100 rows at once). `download` counts files of the directory,
    # by address.
    "DEFAULT_THROTTLE_RATES": {
        "anon": "120/min",
        "read": "600/min",
        "write": "120/min",
        "token": "10/min",
        "identity": "60/hour",
        "bulk": "20/min",
        "tip": "20/hour",  # reports of visitors, by address
        "owner-link": "120/hour",  # opening and answering owners' links, by address
        "download": "20/hour",
    },
    "NUM_PROXIES": PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "TOKEN_PREFIX": "umkm_", "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal UMKM Kota Malang",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "DESCRIPTION": (
        "Data UMKM dan IKM Kota Malang. Tanpa akun: direktori, wilayah, KBLI. Dengan token "
        "(`Authorization: Token umkm_…`): menurut jabatan dan wilayahnya. Setiap perubahan data usaha adalah "
        "usulan (`submissions`) yang diputuskan orang lain. Parameter yang tidak dikenal dijawab 400. "
        "Jawaban berisi ETag; yang mengubah satu kiriman wajib menyebutnya pada If-Match (428, 412), yang "
        "membuat sesuatu yang baru tidak. Setiap POST dengan Idempotency-Key dikerjakan sekali."
    ),
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "umkm_portal.lib.schema.describe_manners",
    ],
    "ENUM_NAME_OVERRIDES": {
        "VerificationHow": "registry.businesses.choices.VerificationHow",
        "ScaleBasis": "registry.businesses.choices.ScaleBasis",
        "CheckAnswer": "registry.checks.models.Check.Answer",
        "CheckVia": "registry.checks.models.Check.Via",
        "CheckViaByHand": "registry.checks.models.BY_HAND",
        "ConsentGroup": "registry.businesses.choices.ConsentGroup",
        "LicenceKind": "registry.businesses.choices.LicenceKind",
        "LicenceStatus": "registry.businesses.choices.LicenceStatus",
        "PhotoKind": "registry.businesses.choices.PhotoKind",
        "BatchKind": "registry.submissions.batches.Batch.Kind",
        "ItemKind": ["consent", "licence", "owner", "photo", "product"],
        "Verified": ["existence", "identity"],
        "Recognition": ["assisted", "curated"],
        "VisitRequestState": "registry.reports.models.VisitRequest.State",
        "VisitRequestOutcome": "registry.reports.models.VisitRequest.Outcome",
        "VisitState": "programs.visits.models.Visit.State",
        "FollowUpState": "programs.visits.follow_ups.FollowUp.State",
        "ProposalState": "programs.visits.proposals.Proposal.State",
        "MonthlyReportState": "programs.monthly.models.MonthlyReport.State",
        "MentoringResult": "programs.visits.mentoring.Mentoring.Result",
        "SubmissionKind": "registry.submissions.models.Submission.Kind",
        "SubmissionStatus": "registry.submissions.models.Submission.Status",
    },
}

# ---- logs ------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "umkm_portal.lib.redact.RedactPersonalNumbers"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
