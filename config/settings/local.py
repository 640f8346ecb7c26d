"""This machine, over plain http: `make run`, and with COUNTERSIGN_DEBUG=1 `make dev`."""

import os

from config.settings.base import *  # noqa: F403  (settings are names, and these are all of base's)
from config.settings.base import CLAMD_ADDRESS, STORAGES, VAR_DIR
from config.settings.environment import words
from config.settings.secret import kept_secret

DEBUG = os.environ.get("COUNTERSIGN_DEBUG") == "1"
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
SITE_ADDRESS = os.environ.get("SITE_ADDRESS") or f"http://localhost:{os.environ.get('PORT') or '8000'}"

# Files are found where they lie while someone changes them, and collected for `make run`.
if DEBUG:
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

# Trying the site out needs no scanner, and its pages say so.
UPLOAD_SCAN_IS_LEFT_OUT = not CLAMD_ADDRESS

# Letters are printed in the terminal, so that whoever tries the site can open their links.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
CELERY_WORKER_REDIRECT_STDOUTS = False
