"""Files that are a page as somebody signed it on paper, found by what frozen records say of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, JSONField, OuterRef, QuerySet, Value

from portfolios.models import Evidence, SignedPaper, Snapshot
from portfolios.selectors.recorded import pages_of

PAPER = "$.**.papers[*] ? (@.sha256 == $sha)"
RECORDS = '$[*] ? (@.kind == "RECORDS" && @.sha256 == $sha)'


def rests_on_paper(opened: QuerySet[Any]) -> Exists:
    """Say of evidence whether it is a signed paper that the records of the ``opened`` attempts name.

    ``opened`` reads an outer row that has a submission. Only records that were submitted count, not those of
    an attempt that was withdrawn and changed.
    """
    frozen = Snapshot.objects.filter(
        Exists(opened),
        _says("submission__manifest", RECORDS, F("sha256")),
        _says("content", PAPER, OuterRef("sha256")),
        Exists(SignedPaper.objects.filter(evidence=OuterRef(OuterRef("pk")))),
        submission__registration=OuterRef("registration"),
    )
    return Exists(frozen)


def with_papers(contents: list[dict[str, Any]], registration_id: UUID) -> list[dict[str, Any]]:
    """Return frozen records in which every signed paper has the id of its file, in one query at most."""
    papers = [paper for content in contents for page in pages_of(content) for paper in page.get("papers", ())]
    known = _known({paper["sha256"] for paper in papers}, registration_id) if papers else {}
    for paper in papers:
        paper["evidence"] = known.get(paper["sha256"])
    return contents


def _known(hashes: Iterable[str], registration_id: UUID) -> dict[str, UUID]:
    signed = SignedPaper.objects.filter(evidence=OuterRef("pk"))
    rows = Evidence.objects.filter(Exists(signed), registration=registration_id, sha256__in=list(hashes))
    return dict(rows.order_by("added_at", "id").values_list("sha256", "id"))


def _says(field: str, path: str, sha256: Any) -> Func:
    """Say whether a JSON column has something at a path in which ``$sha`` is a fingerprint."""
    told = Func(Value("sha"), sha256, function="jsonb_build_object", output_field=JSONField())
    return Func(
        F(field),
        Value(path),
        told,
        template="jsonb_path_exists(%(expressions)s)",
        output_field=BooleanField(),
    )
