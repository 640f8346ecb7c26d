"""Catalogue content to break: the published files as one document, and ways to find things in it."""

import copy
import json
from typing import Any

from assessments.rules import CatalogueRefused, Publication, plan_publication
from assessments.rules.shelf import NAMES
from tests.conftest import CATALOGUE

Document = dict[str, Any]
EMPTY: dict[str, Any] = {kind: {} for kind in NAMES}
FILE = "changed.json"

_WHOLE: Document = {kind: [] for kind in NAMES}
for _path in CATALOGUE:
    for _kind, _items in json.loads(_path.read_text(encoding="utf-8")).items():
        _WHOLE[_kind] += _items


def whole() -> Document:
    """Return all that the files hold, as a copy of one's own."""
    return copy.deepcopy(_WHOLE)


def small() -> Document:
    """Return one qualification of each rule with what it needs, so that many examples are quick."""
    keys = ("l5-cert-coaching-mentoring-management", "l5-cert-effective-coaching-mentoring")
    document = whole()
    qualifications = [item for item in document["qualifications"] if item["key"] in keys]
    units = {ref for item in qualifications for ref in item["units"]}
    return {
        "qualifications": qualifications,
        "units": [item for item in document["units"] if item["ref"] in units],
        "assessments": [item for item in document["assessments"] if units & set(item["units"])],
        "programmes": [item for item in document["programmes"] if {*item["for_qualifications"]} <= {*keys}],
        "templates": [item for item in document["templates"] if set(item["for_units"]) <= units],
    }


def named(document: Document, kind: str, name: str) -> Document:
    """Return the item of that name."""
    return next(item for item in document[kind] if item[NAMES[kind]] == name)


def as_bytes(document: Any) -> bytes:
    """Return the document as a file holds it."""
    return json.dumps(document).encode()


def plan(document: Any, published: Any = None) -> Publication:
    """Return what importing the document would publish."""
    return plan_publication([(FILE, as_bytes(document))], EMPTY if published is None else published)


def faults(document: Any, published: Any = None) -> list[str]:
    """Return why the document is refused, each as the operator reads it; nothing if it is not."""
    try:
        plan(document, published)
    except CatalogueRefused as refused:
        return [str(fault) for fault in refused.faults]
    return []
