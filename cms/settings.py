"""Every setting of Marquee, read from the environment and checked at once; the first run works with none of them.

The settings a newsroom may give are described in docs/operating.md, which a test holds against this file.
"""

import contextlib
import logging
import os
import secrets
import socket
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from articles.stories import editor
from media.files.inspection import Limits

from . import __version__
from .environment import NOWHERE, Environment, WrongSetting, read_file

BASE_DIR = Path(__file__).resolve().parent.parent
read_file(BASE_DIR / ".env")
env = Environment(os.environ)

# What is written at run time lies here: database, uploads, renditions, the secret key. Never in media/, which is code.
VAR_DIR = env.written_folder("VAR_DIR", default=BASE_DIR / "var")


def secret_key() -> str:
    """Return the key of the environment, or one made once and kept in var/."""
    if given := env.secret_key("SECRET_KEY"):
        return given
    path = VAR_DIR / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    if key := path.read_text().strip():
        return key
    raise WrongSetting(f"{path} is empty. Delete it, or set SECRET_KEY.")


SECRET_KEY = secret_key()
# Keys from before: what they signed still counts, what they encrypted is still read.
SECRET_KEY_FALLBACKS = env.secret_keys("SECRET_KEY_FALLBACKS")
DEBUG = env.flag("DEBUG", default=False)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", wildcard="*.")
# Whose word on where a request comes from is believed; nobody's by default.
TRUSTED_PROXIES = env.proxies("TRUSTED_PROXIES")
HTTPS = env.flag("HTTPS", default=False)
# The example front end of docs/examples/reader, at /reader/.
READER_EXAMPLE = env.flag("READER_EXAMPLE", default=True)
# Where readers reach this server: links in mail begin with it, and pictures in feeds, sitemaps and structured data.
PUBLIC_URL = env.url("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
# This machine's own names are believed only while nobody else reaches it: links would lead there.
LOCAL = ["localhost", "127.0.0.1", "[::1]"]
IS_LOCAL = DEBUG or urlsplit(PUBLIC_URL).hostname in ("localhost", "127.0.0.1", "::1")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") + (LOCAL if IS_LOCAL else [])
# The front end's page for previews, with {token} in it; without one, previews are read as JSON.
PREVIEW_URL_TEMPLATE = env.url_template("PREVIEW_URL_TEMPLATE", "{token}")

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
    "cms.client_address.ClientAddress",
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
    "cms.patience.DeskPatience",
    "cms.unavailable.SayUnavailable",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["cms.form_key"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE_CONN_MAX_AGE = env.number("DATABASE_CONN_MAX_AGE", default=60, least=0, most=86_400)
# “true” and “false” are what this setting knew before.
DATABASE_POOLER = env.choice("DATABASE_POOLER", "none", "transaction", "true", "false", default="none")
IS_POOLED = DATABASE_POOLER in ("transaction", "true")


def make_private(path: Path) -> None:
    """Make a database file of ours for its owner alone, before SQLite makes it for all to read."""
    if path.parent == VAR_DIR:
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def database() -> dict:
    """Return the one database: SQLite in WAL mode by default, PostgreSQL when DATABASE_URL says so."""
    config = env.database("DATABASE_URL")
    config = config or {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "marquee.sqlite3")}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        make_private(Path(config["NAME"]))
        # Writers wait for one another from their first statement, so that no write ever fails halfway for a lock.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
        # Opening the file anew costs more than most requests.
        config["CONN_MAX_AGE"] = None
    else:
        config["CONN_MAX_AGE"] = DATABASE_CONN_MAX_AGE
        config["CONN_HEALTH_CHECKS"] = True
        config["DISABLE_SERVER_SIDE_CURSORS"] = IS_POOLED
        if not IS_POOLED:
            # The statements of articles/api/prepared_statements.py are planned once for all values, and none is worth compiling.
            planning = {"prepare_threshold": 0, "options": "-c plan_cache_mode=force_generic_plan -c jit=off"}
            config["OPTIONS"] = planning | config.get("OPTIONS", {})
    return config


DATABASES = {"default": database()}


def replica(config: dict) -> dict:
    """Return the read replica: a copy of the PostgreSQL database, streamed to."""
    if {config["ENGINE"], DATABASES["default"]["ENGINE"]} != {"django.db.backends.postgresql"}:
        raise WrongSetting("DATABASE_REPLICA_URL needs PostgreSQL on both sides: set DATABASE_URL as well.")
    # A machine that is gone must not hold up readers for longer than it takes to ask the primary.
    patience = {"connect_timeout": 1, "tcp_user_timeout": 3000}
    config["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | config.get("OPTIONS", {}) | patience
    return DATABASES["default"] | config | {"TEST": {"MIRROR": "default"}}


if copy := env.database("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = replica(copy)
    DATABASE_ROUTERS = ["cms.replica.Router"]
    MIDDLEWARE.append("cms.replica.PublicReads")
# A statement that outlives this is of nobody's use any more: whoever asked has gone.
DESK_STATEMENT_SECONDS = env.number("DESK_STATEMENT_SECONDS", default=10, least=1, most=600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "cms.refusals.csrf_failed"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = env.number("SESSION_COOKIE_AGE", default=1_209_600, least=60, most=31_536_000)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A browser takes this name only from the host itself, over TLS; without TLS not at all.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SECURE_SSL_REDIRECT = HTTPS
# Asked from within, where there is no TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# A web address typed without a scheme is https, as Django 6 has it; Django 5 says of this setting that it will not stay.
warnings.filterwarnings("ignore", message="The FORMS_URLFIELD_ASSUME_HTTPS transitional setting")
FORMS_URLFIELD_ASSUME_HTTPS = True

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "cms"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", default=VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "cms" / "static"]
# Originals are private: no URL leads to this storage. Readers get renditions through media/photos/views.py.
MEDIA_ROOT = VAR_DIR / "uploads"
MEDIA_URL = ""


def uploads() -> dict:
    """Return where originals and renditions are kept: a folder, or a bucket of any S3-compatible store."""
    name = "be of letters, digits, dots, hyphens and underscores"
    bucket = env.text("S3_BUCKET", must=name, like=r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")
    addressing = env.choice("S3_ADDRESSING", "auto", "path", "virtual", default="auto")
    # No access rule is set on any object: the bucket is private, and an address leads to it only while its signature
    # is young. Overwriting is what a new credit does to a file, in one step that no reader sees half done.
    options = {
        "bucket_name": bucket, "endpoint_url": env.url("S3_ENDPOINT_URL") or None,
        "region_name": env.text("S3_REGION", must=name, like=r"[A-Za-z0-9][A-Za-z0-9-]{0,62}") or None,
        "location": env.text("S3_PREFIX", must="be a folder such as photos/2026", like=r"[\w.-]*\w[\w.-]*(/[\w.-]*\w[\w.-]*)*/?"),
        "access_key": env.secret("S3_ACCESS_KEY_ID") or None, "secret_key": env.secret("S3_SECRET_ACCESS_KEY") or None,
        "default_acl": None, "querystring_auth": True, "file_overwrite": True,
    }  # fmt: skip
    if bool(options["access_key"]) != bool(options["secret_key"]):
        raise WrongSetting("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY need each other: give both, or neither.")
    if not bucket:
        return {"BACKEND": "media.whole_files.WholeFiles"}
    from botocore.config import Config

    # Stores other than Amazon's know the newer checksums not at all or half: they are sent where S3 demands them.
    client = Config(
        signature_version="s3v4", s3={"addressing_style": addressing},
        request_checksum_calculation="when_required", response_checksum_validation="when_required",
        connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 3},
    )  # fmt: skip
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | {"client_config": client}}


STORAGES = {
    "default": uploads(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Larger files wait here while they arrive: /tmp may be another disk, small, or read-only to a confined service.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# What the photo desk takes, and how renditions are handed over: "file" reads them here, "accel" lets nginx send what
# X-Accel-Redirect names under PHOTO_ACCEL_PREFIX, "redirect" leads to a signed address of the object store.
PHOTO_LIMITS = Limits(
    max_bytes=env.number("PHOTO_MAX_BYTES", default=60_000_000, least=100_000, most=1_000_000_000),
    max_pixels=env.number("PHOTO_MAX_PIXELS", default=80_000_000, least=1_000_000, most=400_000_000),
)
PHOTO_UPLOAD_MAX_FILES = env.number("PHOTO_UPLOAD_MAX_FILES", default=200, least=1, most=5000)
PHOTO_SERVING = env.choice("PHOTO_SERVING", "file", "accel", "redirect", default="file")
if PHOTO_SERVING in ({"accel"} if "OPTIONS" in STORAGES["default"] else {"redirect"}):
    raise WrongSetting("PHOTO_SERVING=redirect needs S3_BUCKET, and accel needs files in a folder, without it.")
# How long a signed address opens a file: after a kill, whoever holds one can fetch the bytes for so long at most.
PHOTO_MAKES_AT_ONCE = env.number("PHOTO_MAKES_AT_ONCE", default=2, least=0, most=64)
PHOTO_URL_SECONDS = env.number("PHOTO_URL_SECONDS", default=60, least=2, most=604_800)
PHOTO_ACCEL_PREFIX = env.text(
    "PHOTO_ACCEL_PREFIX", default="/uploads/", must="be a path that begins and ends with a slash", like=r"/([\w.~-]+/)*"
)
PHOTO_DESK_EMAIL = env.emails("PHOTO_DESK_EMAIL")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cms.api.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    # REMOTE_ADDR is the client's already.
    "NUM_PROXIES": 0,
    "DEFAULT_THROTTLE_RATES": {
        "preview": env.rate("PREVIEW_RATE", default="120/min"),
        "search": env.rate("SEARCH_RATE", default="600/min"),
        "write": env.rate("WRITE_RATE", default="300/min"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Marquee",
    "VERSION": __version__,
    "DESCRIPTION": "Stories, photos and the people they are about, as one newsroom publishes them. Reading needs no key; writing "
    "needs a token. Ignore fields, kinds and types of blocks that you do not know: new ones may come at any time.",
    "CONTACT": {"name": "The newsroom that runs this server", "url": PUBLIC_URL},
    "LICENSE": {"name": "BSD 3-Clause", "identifier": "BSD-3-Clause"},
    # What a description without servers means as well, so that it works under any name the server has.
    "SERVERS": [
        {"url": "/", "description": "The server that this description comes from."},
        *([] if IS_LOCAL else [{"url": PUBLIC_URL, "description": "Where readers reach it."}]),
    ],
    "TAGS": [
        {"name": "articles", "description": "Stories: lists of cards, one whole story, a draft by its preview link."},
        {"name": "directory", "description": "People, works, sections, tags and authors that live stories show."},
        {"name": "search", "description": "Words, and names as one types."},
        {"name": "sync", "description": "What changed since the last time, and what stands at a path."},
        {"name": "writing", "description": "Drafts, publications and photos, as the token’s colleague may."},
        {
            "name": "webhooks",
            "description": "What is posted to an endpoint when something changes, signed with its secret.",
        },
    ],
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "WEBHOOKS": "articles.api.openapi_webhooks.WEBHOOKS",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "articles.api.openapi.strict_requests",
        "articles.api.openapi.open_operations",
        "articles.api.openapi_readers.open_for_readers",
        "articles.api.openapi_examples.with_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ArticleKind": "articles.models.Article.Kind",
        "WorkKind": "articles.models.Work.Kind",
        "PhotoKind": "media.models.Photo.Kind",
        "CorrectionKind": "articles.models.Correction.Kind",
        "PhotoType": ["photo"],
        "Crop": "media.files.imaging.CROPS",
        "Format": "media.files.imaging.FORMATS",
        "Layout": ["wide", "inset", "full", "portrait"],
    },
}
CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS", wildcard="*")
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
PURGE_BACKEND = env.choice("PURGE_BACKEND", "none", "surrogate-key", "ban", default="none")
PURGE_URLS = env.urls("PURGE_URLS")
PURGE_TOKEN = env.secret("PURGE_TOKEN")
if PURGE_BACKEND != "none" and not PURGE_URLS:
    raise WrongSetting("PURGE_BACKEND needs PURGE_URLS: where caches are told what to forget.")

# Webhooks go to public addresses only, unless a newsroom's receivers live inside its own network.
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", default=False)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

mail = env.mail("EMAIL_URL")
EMAIL_BACKEND, EMAIL_TIMEOUT = mail.backend, 10
EMAIL_HOST, EMAIL_PORT = mail.host, mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = mail.user, mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = mail.use_tls, mail.use_ssl
DEFAULT_FROM_EMAIL = env.email("DEFAULT_FROM_EMAIL", default="marquee@localhost")
if mail.backend.endswith("smtp.EmailBackend") and not env.given.get("PUBLIC_URL"):
    raise WrongSetting("EMAIL_URL needs PUBLIC_URL as well: links in mail begin with it.")
if PHOTO_DESK_EMAIL and mail.backend == NOWHERE:
    raise WrongSetting("PHOTO_DESK_EMAIL needs EMAIL_URL as well: without it no mail can be sent.")

log_level = env.choice("LOG_LEVEL", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cms.log_lines.LineFormatter",
            "format": "{asctime} {levelname} {name} {request_id} {message}",
            "style": "{",
        },
        "json": {"()": "cms.log_lines.JsonFormatter"},
    },
    "filters": {"request": {"()": "cms.request_id.RequestIdFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", "line", "json", default="line"),
            "filters": ["request"],
        },
    },
    "root": {"handlers": ["console"], "level": log_level},
    # Django and the web server bring handlers of their own, whose lines would look otherwise.
    # Addresses that this server asks may hold a token.
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server", "_granian")}
    | {"httpx": {"level": "WARNING"}},
}
# Warnings of libraries are lines like others.
logging.captureWarnings(True)

# What Prometheus asks for at /metrics, only by this token; without one nothing is counted.
METRICS_TOKEN = env.secret("METRICS_TOKEN")
if METRICS_TOKEN:
    # The library looks for this when it is imported. Each server has a folder of its own, and each of its processes a file.
    os.environ.setdefault(
        "PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / "metrics" / f"{socket.gethostname()}-{os.getpid()}")
    )
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
    MIDDLEWARE.insert(0, "cms.metrics.CountRequests")
