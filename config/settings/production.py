"""A server that people reach over TLS: everything comes from the environment, and nothing is assumed.

A proxy stands in front. It ends TLS, sets X-Forwarded-For and X-Forwarded-Proto itself, and takes each
request whole before it passes it on, with a bound on its size and on its time (in nginx:
proxy_request_buffering on, client_max_body_size, client_body_timeout), since the web server behind it
bounds the time of headers alone and a slow body would keep one of its threads.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  (settings are names, and these are all of base's)
from config.settings.environment import networks, words

# Without TRUSTED_PROXIES everybody would come from the proxy's one address, and wait for each other's tries.
for _name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_ADDRESS", "DATABASE_URL", "REDIS_URL", "TRUSTED_PROXIES"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"Set {_name}.")

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
SITE_ADDRESS = os.environ["SITE_ADDRESS"]
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# TLS ends at the proxy in front, which must set (never pass on) this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Countersign <no-reply@localhost>")
