"""What the database refuses about links for others, what they signed, and signed papers."""

from collections.abc import Callable
from datetime import timedelta

from lib.ids import new_id
from portfolios import models as portfolios
from tests.house.refusals.statements import Refusal, copied, copy
from tests.makers import AT
from tests.wall.world import World


def another_link(world: World, **changes: object) -> portfolios.GuestLink:
    """Return a link that was not used and stands beside the others."""
    links = portfolios.GuestLink.objects.filter(pk=world.ids["link_id"])
    link: portfolios.GuestLink = copied(
        links, **{"token_digest": new_id().hex, "guest": "WITNESS", **changes}
    )
    return link


def signed(**changes: object) -> Callable[[World], object]:
    """Return a statement that signs by a link that is open, with the changes."""

    def run(world: World) -> None:
        link = another_link(world)
        values = {"link": link, "record": link.record, "task": link.task, "signed_at": AT, **changes}
        copied(portfolios.GuestSignature.objects.all(), **values)

    return run


def signed_by_a_closed_link(world: World) -> None:
    link = another_link(world, withdrawn_at=AT, withdrawn_by=world.cast.learner)
    copied(portfolios.GuestSignature.objects.all(), link=link, record=link.record, task=link.task)


def signed_too_late(world: World) -> None:
    link = another_link(world)
    values = {"link": link, "record": link.record, "task": link.task}
    copied(portfolios.GuestSignature.objects.all(), **values, signed_at=AT + timedelta(days=60))


def used_link_withdrawn(world: World) -> None:
    used = portfolios.GuestSignature.objects.earliest("pk").link_id
    portfolios.GuestLink.objects.filter(pk=used).update(draft={"f1": "More"})


def signed_page_changed(world: World) -> None:
    page = portfolios.GuestSignature.objects.earliest("pk").record_id
    portfolios.Record.objects.filter(pk=page).update(answers={"f1": "Something else"})


def signed_supervision_changed(world: World) -> None:
    portfolios.SupervisionSession.objects.filter(pk=world.ids["supervision_id"]).update(minutes=61)


def confirmed_session_changed(world: World) -> None:
    link = portfolios.GuestLink.objects.get(pk=world.ids["link_id"])
    values = {"link": link, "record": link.record, "task": link.task, "signed_at": AT}
    copied(portfolios.GuestSignature.objects.all(), **values)
    portfolios.PracticeSession.objects.filter(pk=world.ids["session_id"]).update(minutes=61)


def paper_of_another(world: World) -> None:
    text = portfolios.Evidence.objects.filter(kind="TEXT").earliest("pk")
    copied(portfolios.SignedPaper.objects.all(), evidence=text)


def submitted_paper_taken_away(world: World) -> None:
    own = portfolios.Evidence.objects.filter(registration=world.cast.registration, kind="FILE")
    paper = copied(own)
    content = {"records": [{"papers": [{"sha256": paper.sha256}]}]}
    copied(portfolios.Snapshot.objects.all(), submission_id=world.ids["draft_id"], content=content)
    values = {"declaration": "Mine.", "manifest_sha256": "0", "submitted_at": AT}
    drafts = portfolios.Submission.objects.filter(pk=world.ids["draft_id"])
    drafts.update(state="SUBMITTED", submitted_by=world.cast.learner, **values)
    own.filter(pk=paper.pk).update(removed_at=AT, removed_by=world.cast.learner)


def asked_of_anothers_client(world: World) -> None:
    link = portfolios.GuestLink.objects.get(pk=world.ids["link_id"])
    own = portfolios.PracticeClient.objects.filter(registration=link.record.registration)
    client = copied(own, unit_ref="D3.07", number=9)
    another_link(world, client=client)


GUESTS = [
    *(
        Refusal(f"portfolios_guestlink_{name}", copy(portfolios.GuestLink, changes=change))
        for name, change in (
            ("one_link_each", {"guest": "WITNESS"}),
            ("one_a_guest", {"token_digest": "x"}),
            ("lasts", {"token_digest": "x", "guest": "WITNESS", "expires_at": AT}),
            ("keeps_a_digest", {"token_digest": "", "guest": "WITNESS"}),
            ("known_task", {"token_digest": "x", "guest": "ANYBODY"}),
            ("known_task", {"token_digest": "x", "guest": "WITNESS", "task": "SKIP"}),
            ("withdrawal_is_signed", {"token_digest": "x", "guest": "WITNESS", "withdrawn_at": AT}),
        )
    ),
    Refusal("portfolios_guestlink_own_client", asked_of_anothers_client),
    Refusal("portfolios_guestlink_used", used_link_withdrawn),
    Refusal("portfolios_guestsignature_once_a_link", copy(portfolios.GuestSignature)),
    Refusal("portfolios_guestsignature_says_who_and_what", signed(name="")),
    Refusal("portfolios_guestsignature_says_who_and_what", signed(name="Ann\u202e")),
    Refusal("portfolios_guestsignature_says_who_and_what", signed(meaning="")),
    Refusal("portfolios_guestsignature_binds_its_content", signed(sha256="x")),
    Refusal("portfolios_guestsignature_link_open", signed_by_a_closed_link),
    Refusal("portfolios_guestsignature_link_open", signed_too_late),
    Refusal("portfolios_record_signed", signed_page_changed),
    Refusal("portfolios_practicesession_signed", confirmed_session_changed),
    Refusal("portfolios_supervisionsession_signed", signed_supervision_changed),
    Refusal("portfolios_signedpaper_once_a_record", copy(portfolios.SignedPaper)),
    Refusal(
        "portfolios_signedpaper_removal_is_signed", copy(portfolios.SignedPaper, changes={"removed_at": AT})
    ),
    Refusal("portfolios_signedpaper_own", paper_of_another),
    Refusal("portfolios_evidence_rested_on", submitted_paper_taken_away),
]
