"""The two ends of an inspection: a file accepted for what it is, or refused in words for a person."""

from dataclasses import dataclass
from enum import StrEnum

from lib.refusals import Refusal

MEGABYTE = 2**20


class Family(StrEnum):
    """What a file is to people; each has a limit of its own."""

    DOCUMENT = "DOCUMENT"
    PICTURE = "PICTURE"
    SOUND = "SOUND"
    FILM = "FILM"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes a file of each family may have."""

    document: int = 50 * MEGABYTE
    picture: int = 50 * MEGABYTE
    media: int = 500 * MEGABYTE

    def of(self, family: Family) -> int:
        """Return the limit of a family."""
        return {Family.DOCUMENT: self.document, Family.PICTURE: self.picture}.get(family, self.media)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be kept: its cleaned label, the type that its structure shows, and its family."""

    label: str
    content_type: str
    family: Family


class FileRefused(Refusal):
    """A file that cannot be taken, with what to do instead.

    ``code`` names the reason for support, and ``reason`` says it without the file's name.
    """

    def __init__(self, label: str, unfit: "Unfit") -> None:
        self.code = unfit.code
        self.reason = unfit.reason[:1].upper() + unfit.reason[1:]
        super().__init__(f"{label}: {unfit.reason}")


class Unfit(Exception):
    """What a check found: a code for support, and the reason as the rest of a sentence after the name."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code}: {reason}")


def damaged() -> Unfit:
    """Return the finding of a file whose structure does not hold."""
    return Unfit("damaged", "this file is damaged or cut off. Open it, save it again, and choose it again.")


def locked(thing: str) -> Unfit:
    """Return the finding of a file that asks for a password."""
    return Unfit("locked", f"this {thing} has a password. Remove it and choose the file again.")


def swollen() -> Unfit:
    """Return the finding of a file that unpacks to more than it could honestly hold."""
    return Unfit("bomb", "this file unpacks to far more than it should. Save it again and choose it again.")


def hidden(what: str = "something else") -> Unfit:
    """Return the finding of a file with another file inside, before or behind it."""
    return Unfit("hidden", f"this file has {what} hidden in it. Save it again and choose it again.")


def active(what: str) -> Unfit:
    """Return the finding of a file that would act when it is opened."""
    return Unfit(
        "active",
        f"this file holds {what}, which we cannot take. Save it without, or print it to PDF, "
        "and choose it again.",
    )


def external(what: str) -> Unfit:
    """Return the finding of a file that fetches something from elsewhere when it is opened."""
    return Unfit(
        "external",
        f"this file loads {what} from somewhere else. Put the content into the file, or print it to PDF, "
        "and choose it again.",
    )


def macros() -> Unfit:
    """Return the finding of a file with macros."""
    return Unfit("macros", "this file holds macros. Save it without them and choose it again.")
