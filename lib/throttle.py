"""Counting tries in Redis, so that nobody guesses for long."""

import logging
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """So many tries of one kind in a window that begins with the first of them."""

    kind: str
    limit: int
    seconds: int

    def wait(self, subject: str) -> int:
        """Count one try and return how many seconds to wait: 0 while the limit is not passed.

        The count is taken before the try is looked at, so that a burst cannot run past the limit. Without
        Redis nobody waits: a site whose cache is down still opens its doors, and says so in its log.
        """
        key = self._key(subject)
        try:
            with _redis().pipeline(transaction=True) as pipe:
                pipe.set(key, 0, ex=self.seconds, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, count, left = pipe.execute()
        except RedisError:
            log.exception("Tries are not counted: Redis does not answer.")
            return 0
        return max(int(left), 1) if int(count) > self.limit else 0

    def forgive(self, subject: str) -> None:
        """Take back one try that turned out right."""
        key = self._key(subject)
        try:
            with _redis().pipeline(transaction=True) as pipe:
                pipe.set(key, 1, ex=self.seconds, nx=True)
                pipe.decr(key)
                pipe.execute()
        except RedisError:
            log.exception("Tries are not counted: Redis does not answer.")

    def clear(self, subject: str) -> None:
        """Forget every try of one subject."""
        try:
            _redis().delete(self._key(subject))
        except RedisError:
            log.exception("Tries are not counted: Redis does not answer.")

    def _key(self, subject: str) -> str:
        # Keyed with the site's secret, so that reading Redis tells nobody whose address was tried.
        digest = salted_hmac(self.kind, subject, algorithm="sha256").hexdigest()
        return f"tries:{digest}"


@lru_cache(maxsize=1)
def _redis() -> Redis:
    return Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2, socket_connect_timeout=2)
