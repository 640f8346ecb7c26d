"""Keys and tokens: rows sort by the time they were made, tokens cannot be guessed."""

import hashlib
import secrets
from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7, made in Python so that a row knows its key before it is saved."""
    return UUID(int=uuid7().int)


def new_token() -> str:
    """Return a token of 256 random bits for a link that is its own key."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Return what is stored of a token, so that reading the table gives nobody a link."""
    return hashlib.sha256(token.encode()).hexdigest()
