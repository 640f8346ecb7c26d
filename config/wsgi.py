"""The entry point of a production web server."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")


def behind_proxies(site: Any, trusted: list[str]) -> Any:
    """Let trusted proxies say whose request it is; what anybody else says of it is not heard."""
    return wrap_wsgi_with_proxy_headers(site, trusted_hosts=trusted) if trusted else site


application = behind_proxies(get_wsgi_application(), settings.TRUSTED_PROXIES)
