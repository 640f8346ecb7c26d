"""What is made of a stored file once and kept beside it."""

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def kept_beside(storage_key: str, name: str, make: Callable[[], bytes]) -> bytes:
    """Return what was made of a file before, or make it and keep it; of two who make it one is kept."""
    kept = f"{storage_key}.pages/{name}"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return bytes(file.read())
    content = make()
    written = default_storage.save(kept, ContentFile(content))
    if written != kept:
        default_storage.delete(written)
    return content
