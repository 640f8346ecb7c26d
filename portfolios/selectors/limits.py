"""How much may be uploaded, as the settings say."""

from django.conf import settings

from lib.inspection import Limits

MEGABYTE = 2**20


def upload_limits() -> Limits:
    """Return how large a file of each family may be."""
    return Limits(
        document=settings.UPLOAD_DOCUMENT_BYTES,
        picture=settings.UPLOAD_PICTURE_BYTES,
        media=settings.UPLOAD_MEDIA_BYTES,
    )


def limits_in_words() -> str:
    """Return the same for the hint beside a file field."""
    limits = upload_limits()
    document, media = limits.document // MEGABYTE, limits.media // MEGABYTE
    return f"documents and pictures up to {document} MB, sound and video up to {media} MB"
