"""What the database refuses about pages that were kept as evidence."""

from collections.abc import Callable
from typing import Any

from portfolios import models as portfolios
from qualifications.actions import declare_conflict
from tests.house.refusals.statements import Refusal, copied
from tests.makers import AT
from tests.wall.world import World

STAFF = {"signed_as": "ASSESSOR", "signed_at": AT}


def changed(which: str, **changes: object) -> Callable[[World], object]:
    """Return a statement that changes one of the pages that a world leaves."""
    return lambda world: portfolios.Record.objects.filter(pk=world.kept[which]).update(**changes)


def free_piece(world: World) -> portfolios.Evidence:
    """Return a clean piece of the learner's that no page was kept as."""
    rows = portfolios.Evidence.objects.filter(
        registration=world.cast.registration, kind="FILE", state="CLEAN"
    )
    piece: portfolios.Evidence = rows.filter(pages__isnull=True).earliest("pk")
    return piece


def signed_by(member: str, signed_as: str) -> Callable[[World], object]:
    """Return a statement that adds a page signed by somebody as something."""

    def run(world: World) -> None:
        rows = portfolios.Record.objects.filter(pk=world.kept["unseen"])
        values: dict[str, Any] = {"number": 9, "evidence": free_piece(world), "signed_as": signed_as}
        copied(rows, **values, signed_by=getattr(world.cast, member))

    return run


def signed_over_a_conflict(world: World) -> None:
    cast = world.cast
    declare_conflict(
        membership=cast.assessor, learner=cast.registration.learner, reason="Kin", by=cast.iqa, at=AT
    )
    signed_by("assessor", "ASSESSOR")(world)


def kept_without_a_signature(world: World) -> None:
    portfolios.Record.objects.filter(pk=world.kept["own"]).update(evidence=free_piece(world))


def kept_from_a_text(world: World) -> None:
    text = portfolios.Evidence.objects.filter(kind="TEXT").earliest("pk")
    rows = portfolios.Record.objects.filter(pk=world.kept["unseen"])
    copied(rows, number=9, evidence=text)


def kept_twice(world: World) -> None:
    copied(portfolios.Record.objects.filter(pk=world.kept["unseen"]), number=9)


def seen_by_another(world: World) -> None:
    changed("unseen", seen_at=AT, seen_by=world.cast.assessor)(world)


def own_page_seen(world: World) -> None:
    changed("own", seen_at=AT, seen_by=world.cast.learner)(world)


def piece_taken_away(world: World) -> None:
    piece = portfolios.Record.objects.get(pk=world.kept["unseen"]).evidence_id
    rows = portfolios.Evidence.objects.filter(pk=piece)
    rows.update(removed_at=AT, removed_by=world.cast.learner)


KEPT = [
    Refusal("portfolios_record_one_a_piece", kept_twice),
    Refusal("portfolios_record_signature_is_whole", changed("own", signed_as="LEARNER")),
    Refusal("portfolios_record_signature_is_whole", changed("own", **STAFF)),
    Refusal("portfolios_record_signature_is_whole", changed("own", meaning="Mine")),
    Refusal("portfolios_record_seen_is_signed", own_page_seen),
    Refusal("portfolios_record_seen_is_signed", changed("unseen", seen_at=AT)),
    Refusal("portfolios_record_kept_as_signed", signed_by("learner", "ASSESSOR")),
    Refusal("portfolios_record_kept_as_signed", signed_by("assessor", "LEARNER")),
    Refusal("portfolios_record_kept_as_signed", signed_by("assessor", "TUTOR")),
    Refusal("portfolios_record_kept_as_signed", signed_over_a_conflict),
    Refusal("portfolios_record_kept_as_signed", kept_from_a_text),
    Refusal(
        "portfolios_record_kept_as_signed", kept_without_a_signature, holds="portfolios_record_kept_later"
    ),
    Refusal("portfolios_record_stays_as_kept", changed("unseen", answers={})),
    Refusal("portfolios_record_stays_as_kept", changed("unseen", meaning="Something else")),
    Refusal("portfolios_record_stays_as_kept", changed("unseen", removed_at=AT)),
    Refusal("portfolios_record_stays_as_kept", changed("seen", seen_at=None, seen_by=None)),
    Refusal("portfolios_record_seen_by_its_learner", seen_by_another),
    Refusal("portfolios_evidence_stays_with_its_page", piece_taken_away),
]
