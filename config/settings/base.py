"""What holds everywhere: apps, the two database roles, sign-in, the content policy, and the queue."""

import os
import shutil
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config.settings.environment import broker_url, database, package_dir, redis_url

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Who may say in X-Forwarded-For whose request it is: the proxies in front, and nobody else.
TRUSTED_PROXIES: list[str] = []

INSTALLED_APPS = [
    "desks",
    "quality_assurance",
    "marking",
    "portfolios",
    "assessments",
    "qualifications",
    "centres",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.static.CollectedFiles",
    "django.contrib.postgres",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lib.device_policy.DevicePolicy",
    "lib.bodies.BoundedBodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# `template_partials` puts its loader around these two by itself.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "desks.selectors.shell.shell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

# `default` serves people and is held by row-level security; `owner` migrates and never serves, so it is
# there only for commands that were given OWNER_DATABASE_URL.
# A guard opens each transaction itself (ATOMIC_REQUESTS stays off), so that pages render inside it.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {**database("DATABASE_URL"), "TEST": {"MIRROR": "owner"}},
}
if os.environ.get("OWNER_DATABASE_URL"):
    DATABASES["owner"] = {**database("OWNER_DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url(1)}}

# People.
AUTH_USER_MODEL = "centres.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "centres.views.open.refuse_token"

# Words and time.
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# Files. Bootstrap comes from its wheel, and the fonts that set-up cut to size lie in var/assets.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "static",
    ("bootstrap", package_dir("bootstrap")),
    VAR_DIR / "assets",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# A map is for whoever looks into a style sheet; the rest are compressed already.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "woff2", "png", "jpg", "webp")
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# How large a learner's file may be.
UPLOAD_DOCUMENT_BYTES = 50 * 1024 * 1024
UPLOAD_PICTURE_BYTES = 50 * 1024 * 1024
UPLOAD_MEDIA_BYTES = 500 * 1024 * 1024
UPLOAD_QUOTA_BYTES = 5 * 1024**3  # of one registration
UPLOAD_SECONDS = 7 * 24 * 60 * 60  # that a file may be on its way
UPLOADS_AT_ONCE = 40

# LibreOffice's program draws the pages of documents; without it their text is shown.
LIBREOFFICE = os.environ.get("LIBREOFFICE", shutil.which("soffice") or "")
# The scanner of uploads: clamd's socket, or host:port. Without one files wait, unless it is left out.
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "")
UPLOAD_SCAN_IS_LEFT_OUT = False

# What a browser may do with our pages: nothing that is not named here.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# The queue. A task that is lost with its worker is sent again, so it is taken off only when done.
CELERY_BROKER_URL = broker_url(0)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task that never ends must not keep its worker; a big export takes minutes, and says its own in less.
CELERY_TASK_SOFT_TIME_LIMIT = 30 * 60
CELERY_TASK_TIME_LIMIT = 31 * 60
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB; the process is replaced after the task
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "desks.sweep_wakeups", "schedule": 30.0}}

# The address that letters carry, since a task has no request to take it from.
SITE_ADDRESS = os.environ.get("SITE_ADDRESS", "http://localhost:8000")
DEFAULT_FROM_EMAIL = "Countersign <no-reply@localhost>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # These tell every step of their work.
    "loggers": {name: {"level": "ERROR"} for name in ("fontTools", "weasyprint", "pikepdf")},
}
