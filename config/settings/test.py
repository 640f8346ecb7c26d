"""The test suite: the embedded servers unless others are named, cheap passwords, letters in memory."""

import os
import sys

from lib.embedded import provide_missing_servers

# Before base reads the environment; the processes of one run share the servers.
provide_missing_servers()
if not os.environ.get("OWNER_DATABASE_URL"):
    sys.exit("Set OWNER_DATABASE_URL beside DATABASE_URL: the tests make their database as its owner.")

from config.settings.base import *  # noqa: E402,F403  (settings are names, and these are all of base's)
from config.settings.base import DATABASES, STORAGES, VAR_DIR  # noqa: E402
from config.settings.environment import broker_url, redis_url  # noqa: E402

# Each process of a parallel run has a queue and a cache of its own, apart from those of `make run`.
_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
CELERY_BROKER_URL = broker_url(10 + 2 * _process)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url(11 + 2 * _process),
    }
}

# Two runs at once need two names. `default` mirrors `owner`, so `owner` must not wait for it.
DATABASES["owner"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE", "test_countersign"), "DEPENDENCIES": []}

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["config.settings.test_hasher.CheapArgon2"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The files as they are now: what `make run` collected may be of another day.
STATIC_ROOT = VAR_DIR / "test" / "static"
MEDIA_ROOT = VAR_DIR / "test" / str(_process) / "media"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CLAMD_ADDRESS = ""
UPLOAD_SCAN_IS_LEFT_OUT = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
