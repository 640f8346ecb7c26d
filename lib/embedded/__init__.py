"""An embedded PostgreSQL and Valkey for a clone that was given no servers of its own."""

import os
from urllib.parse import quote

from lib.embedded.paths import EmbeddedError
from lib.embedded.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Postgres
from lib.embedded.sharing import hold, is_held, is_kept, let_go, place_of
from lib.embedded.valkey import Valkey

__all__ = ["EmbeddedError", "let_go_of_servers", "provide_missing_servers", "stopped_server"]

SERVERS = (Postgres(), Valkey())


def provide_missing_servers() -> None:
    """Point the environment at embedded servers, so that commands work where no URL was given.

    The servers are shared by everything that runs in this clone and stop with the last of it. A process
    that was given DATABASE_URL alone serves people, and gets no owner's address.

    Raises EmbeddedError.
    """
    if not os.environ.get("DATABASE_URL"):
        if os.environ.get("OWNER_DATABASE_URL"):
            raise EmbeddedError("OWNER_DATABASE_URL is set alone: set DATABASE_URL too, or neither.")
        socket_dir = quote(str(hold(Postgres())))
        os.environ["DATABASE_URL"] = f"postgres://{APP_ROLE}@/{DATABASE}?host={socket_dir}"
        os.environ["OWNER_DATABASE_URL"] = f"postgres://{OWNER_ROLE}@/{DATABASE}?host={socket_dir}"
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = f"unix://{quote(str(hold(Valkey()) / Valkey.socket_name))}"


def let_go_of_servers() -> None:
    """Hold the servers no longer, and wait until they stopped unless something else holds them."""
    for server in SERVERS:
        let_go(server)


def stopped_server() -> str | None:
    """The name of a server that this process holds and that is no more."""
    for server in SERVERS:
        if is_held(server) and not is_kept(place_of(server)):
            return server.name
    return None
