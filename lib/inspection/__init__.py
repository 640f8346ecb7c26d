"""What a file is and whether it may be kept, told from its bytes and its structure, never from its name."""

from lib.inspection.decision import Accepted, Family, FileRefused, Limits
from lib.inspection.kinds import ALLOWED, ENDINGS
from lib.inspection.names import clean_label
from lib.inspection.pipeline import check_name, check_size, inspect

__all__ = [
    "ALLOWED",
    "ENDINGS",
    "Accepted",
    "Family",
    "FileRefused",
    "Limits",
    "check_name",
    "check_size",
    "clean_label",
    "inspect",
]
