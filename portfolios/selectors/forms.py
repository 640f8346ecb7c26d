"""The record templates of some units as forms: the newest for new records, and each record's own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from assessments.models import RecordTemplate
from portfolios.models import Record
from portfolios.rules import Part, Subject, parts_of_template
from portfolios.rules.templates import PLAIN, PLAIN_PLAN, PLAIN_SESSION, PLAIN_SUPERVISION, Signer

BY_DEFAULT = {
    Subject.SESSION: PLAIN_SESSION,
    Subject.SUPERVISION: PLAIN_SUPERVISION,
    Subject.PLAN: PLAIN_PLAN,
}


@dataclass(frozen=True, slots=True)
class Form:
    """One part of one version of a record template."""

    key: str
    version: int
    title: str
    part: Part

    @property
    def name(self) -> str:
        """What the page of it is called: the part, or the whole template where it has one part."""
        return self.part.title


class Forms:
    """Every version of the record templates of some units, read in one query.

    They stand as the catalogue lists them: keys are made in the order of publishing, and a new version takes
    the place of the one before it. A template that names no unit is for every unit. A unit without one for
    sessions, supervision or a plan gets a plain one, so that whatever a new qualification requires can be
    recorded.
    """

    def __init__(self, unit_refs: Iterable[str]) -> None:
        self._forms: dict[tuple[str, int], list[Form]] = {}
        self._newest: dict[str, dict[str, int]] = defaultdict(dict)
        refs = list(unit_refs)
        rows = RecordTemplate.objects.filter(Q(unit_refs__overlap=refs) | Q(unit_refs=[]))
        for row in rows.order_by("id"):
            self._add(row.key, row.version, row.title, row.body)
            for ref in row.unit_refs or refs:
                newest = self._newest[ref]
                newest[row.key] = max(row.version, newest.get(row.key, 0))
        for key, body in PLAIN.items():
            self._add(key, int(body["version"]), str(body["title"]), body)

    def _add(self, key: str, version: int, title: str, body: Mapping[str, Any]) -> None:
        whole = {**body, "key": key, "title": title}
        parts = parts_of_template(whole)
        self._forms[key, version] = [Form(key, version, title, part) for part in parts]

    def of_unit(self, unit_ref: str) -> list[Form]:
        """Return what may be filled in for a unit, in the newest versions."""
        newest = self._newest.get(unit_ref, {})
        return [form for key, version in newest.items() for form in self._forms[key, version]]

    def about(self, unit_ref: str, subject: Subject) -> list[Form]:
        """Return a unit's forms about one subject, or the plain one where the catalogue has none."""
        found = [form for form in self.of_unit(unit_ref) if form.part.subject is subject]
        if found or subject not in BY_DEFAULT:
            return found
        body = BY_DEFAULT[subject]
        return list(self._forms[str(body["key"]), int(body["version"])])

    def offered(self, unit_ref: str) -> list[Form]:
        """Return what a learner begins by itself, rather than with a session."""
        found = [form for subject in (Subject.PLAN, Subject.UNIT) for form in self.about(unit_ref, subject)]
        return [form for form in found if form.part.signer is not Signer.ASSESSOR]

    def for_assessors(self, unit_ref: str) -> list[Form]:
        """Return what an assessor or tutor writes about a learner and signs."""
        return [form for form in self.of_unit(unit_ref) if form.part.signer is Signer.ASSESSOR]

    def of_record(self, record: Record) -> Form | None:
        """Return the form that a record is pinned to."""
        forms = self._forms.get((record.template_key, record.template_version), [])
        return next((form for form in forms if form.part.key == record.part), None)
