"""Every setting of Marquee, read from the environment with loud errors; the first run works with none of them.

The settings a newsroom may give are described in docs/operating.md, which a test holds against this file.
"""

import logging
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from articles.stories import editor
from media.files.inspection import Limits

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# What is written at run time lies here: database, uploads, renditions, the secret key. Never in media/, which is code.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def secret_key() -> str:
    """Return the key of the environment, or one made once and kept in var/."""
    if given := env.str("SECRET_KEY", default=""):
        return given
    path = VAR_DIR / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    if key := path.read_text().strip():
        return key
    raise ImproperlyConfigured(f"{path} is empty. Delete it, or set SECRET_KEY.")


SECRET_KEY = secret_key()
DEBUG = env.bool("DEBUG", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
# The example front end of docs/examples/reader, at /reader/.
READER_EXAMPLE = env.bool("READER_EXAMPLE", default=True)
# Where readers reach this server: the addresses of pictures in feeds, sitemaps and structured data begin with it.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
if not PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured("PUBLIC_URL must begin with http:// or https://, such as https://cms.example.com.")
# This machine's own names are believed only while nobody else reaches it: links would lead there.
LOCAL = ["localhost", "127.0.0.1", "[::1]"]
IS_LOCAL = DEBUG or urlsplit(PUBLIC_URL).hostname in ("localhost", "127.0.0.1", "::1")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) + (LOCAL if IS_LOCAL else [])

INSTALLED_APPS = [
    "articles",
    "media",
    "cms.apps.MarqueeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "js_asset",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "cms.request_id.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "cms.middleware.SessionMiddleware",
    "cms.middleware.CommonMiddleware",
    "cms.middleware.CsrfViewMiddleware",
    "cms.middleware.AuthenticationMiddleware",
    "cms.bodies.Bodies",
    "cms.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.csp.AdminPolicy",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def database() -> dict:
    """Return the one database: SQLite in WAL mode by default, PostgreSQL when DATABASE_URL says so."""
    config = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'marquee.sqlite3'}")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Writers wait for one another from their first statement, so that no write ever fails halfway for a lock.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
        # Opening the file anew costs more than most requests.
        config["CONN_MAX_AGE"] = None
    elif config["ENGINE"] == "django.db.backends.postgresql":
        config["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
        config["CONN_HEALTH_CHECKS"] = True
        config["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLER", default=False)
        if not config["DISABLE_SERVER_SIDE_CURSORS"]:
            # The statements of articles/api/prepared_statements.py are planned once for all values, and none is worth compiling.
            planning = {"prepare_threshold": 0, "options": "-c plan_cache_mode=force_generic_plan -c jit=off"}
            config["OPTIONS"] = planning | config.get("OPTIONS", {})
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")
    return config


DATABASES = {"default": database()}


def replica() -> dict:
    """Return the read replica that DATABASE_REPLICA_URL names: a copy of the PostgreSQL database, streamed to."""
    config = env.db_url("DATABASE_REPLICA_URL")
    if {config["ENGINE"], DATABASES["default"]["ENGINE"]} != {"django.db.backends.postgresql"}:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL on both sides: set DATABASE_URL as well.")
    # A machine that is gone must not hold up readers for longer than it takes to ask the primary.
    patience = {"connect_timeout": 1, "tcp_user_timeout": 3000}
    config["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | config.get("OPTIONS", {}) | patience
    return DATABASES["default"] | config | {"TEST": {"MIRROR": "default"}}


if env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = replica()
    DATABASE_ROUTERS = ["cms.replica.Router"]
    MIDDLEWARE.append("cms.replica.PublicReads")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=14 * 24 * 3600)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Asked from within, where there is no TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "cms" / "static"]
# Originals are private: no URL leads to this storage. Readers get renditions through media/photos/views.py.
MEDIA_ROOT = VAR_DIR / "uploads"
MEDIA_URL = ""


def uploads() -> dict:
    """Return where originals and renditions are kept: a folder, or a bucket of any S3-compatible store."""
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    from botocore.config import Config

    # Stores other than Amazon's know the newer checksums not at all or half: they are sent where S3 demands them.
    client = Config(
        signature_version="s3v4", s3={"addressing_style": env.str("S3_ADDRESSING", default="auto")},
        request_checksum_calculation="when_required", response_checksum_validation="when_required",
        connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 3},
    )  # fmt: skip
    # No access rule is set on any object: the bucket is private, and an address leads to it only while its signature
    # is young. Overwriting is what a new credit does to a file, in one step that no reader sees half done.
    options = {
        "bucket_name": bucket, "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None, "location": env.str("S3_PREFIX", default=""),
        "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
        "default_acl": None, "querystring_auth": True, "file_overwrite": True, "client_config": client,
    }  # fmt: skip
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


STORAGES = {
    "default": uploads(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# What the photo desk takes, and how renditions are handed over: "file" reads them here, "accel" lets nginx send what
# X-Accel-Redirect names under PHOTO_ACCEL_PREFIX, "redirect" leads to a signed address of the object store.
PHOTO_LIMITS = Limits(
    max_bytes=env.int("PHOTO_MAX_BYTES", default=60_000_000), max_pixels=env.int("PHOTO_MAX_PIXELS", default=80_000_000)
)
PHOTO_UPLOAD_MAX_FILES = env.int("PHOTO_UPLOAD_MAX_FILES", default=200)
PHOTO_SERVING = env.str("PHOTO_SERVING", default="file")
if PHOTO_SERVING not in {"file", "accel", "redirect"}:
    raise ImproperlyConfigured("PHOTO_SERVING must be file, accel or redirect.")
if PHOTO_SERVING in ({"accel"} if "OPTIONS" in STORAGES["default"] else {"redirect"}):
    raise ImproperlyConfigured("PHOTO_SERVING=redirect needs S3_BUCKET, and accel needs files in a folder, without it.")
# How long a signed address opens a file: after a kill, whoever holds one can fetch the bytes for so long at most.
PHOTO_URL_SECONDS = env.int("PHOTO_URL_SECONDS", default=60)
if PHOTO_URL_SECONDS < 2:
    raise ImproperlyConfigured("PHOTO_URL_SECONDS must be at least 2.")
PHOTO_ACCEL_PREFIX = env.str("PHOTO_ACCEL_PREFIX", default="/uploads/")
PHOTO_DESK_EMAIL = env.list("PHOTO_DESK_EMAIL", default=[])

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cms.api.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_THROTTLE_RATES": {
        "preview": env.str("PREVIEW_RATE", default="120/min"),
        "search": env.str("SEARCH_RATE", default="600/min"),
        "write": env.str("WRITE_RATE", default="300/min"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Marquee",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "articles.api.openapi.strict_requests"],
    "ENUM_NAME_OVERRIDES": {
        "ArticleKind": "articles.models.Article.Kind",
        "WorkKind": "articles.models.Work.Kind",
        "PhotoKind": "media.models.Photo.Kind",
        "CorrectionKind": "articles.models.Correction.Kind",
        "PhotoType": ["photo"],
    },
}
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOW_ALL_ORIGINS = CORS_ALLOWED_ORIGINS == ["*"]
# Answers vary by origin only where some other origin may read them.
CORS_URLS_REGEX = r"^/(api|feeds|photos)/" if CORS_ALLOWED_ORIGINS else r"^$"
CORS_ALLOW_HEADERS = [
    "accept", "authorization", "content-type", "if-none-match", "if-match", "idempotency-key", "x-request-id",
]  # fmt: skip
CORS_EXPOSE_HEADERS = ["ETag", "X-Request-ID", "Retry-After", "Location", "Idempotency-Replayed"]
if CORS_ALLOW_ALL_ORIGINS:
    CORS_ALLOWED_ORIGINS = []

DJANGO_PROSE_EDITOR_EXTENSIONS = editor.REGISTRATION

# After an unplanned change, caches in front forget what shows it: "surrogate-key" speaks Fastly's way, "ban" Varnish's.
PURGE_BACKEND = env.str("PURGE_BACKEND", default="none")
if PURGE_BACKEND not in {"none", "surrogate-key", "ban"}:
    raise ImproperlyConfigured("PURGE_BACKEND must be none, surrogate-key or ban.")
PURGE_URLS = env.list("PURGE_URLS", default=[])
PURGE_TOKEN = env.str("PURGE_TOKEN", default="")
if PURGE_BACKEND != "none" and not PURGE_URLS:
    raise ImproperlyConfigured("PURGE_BACKEND needs PURGE_URLS: where caches are told what to forget.")

# Webhooks go to public addresses only, unless a newsroom's receivers live inside its own network.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="marquee@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"},
        "json": {"()": "cms.log_lines.JsonFormatter"},
    },
    "filters": {"request": {"()": "cms.request_id.RequestIdFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line"),
            "filters": ["request"],
        },
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Django and the web server bring handlers of their own, whose lines would look otherwise.
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server", "_granian")},
}
if LOGGING["handlers"]["console"]["formatter"] not in LOGGING["formatters"]:
    raise ImproperlyConfigured("LOG_FORMAT must be line or json.")
# Warnings of libraries are lines like others.
logging.captureWarnings(True)

# What Prometheus asks for at /metrics, only by this token; without one nothing is counted.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    # The library looks for this when it is imported: every process counts in files of its own.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / "metrics"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
    MIDDLEWARE.insert(0, "cms.metrics.CountRequests")
