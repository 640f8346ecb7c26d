"""What others signed of records, what they are still asked, and the page that a link opens."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from lib.canonical import canonical_json, fingerprint
from portfolios.models import Evidence, GuestLink, GuestSignature, PracticeClient, Record, SignedPaper
from portfolios.rules import Known, in_hours
from portfolios.rules.guests import Ask, Guest, Standing, Task, asks_of, shown_to_guest, standing_of_link
from portfolios.selectors.forms import Form

METHOD = "Simple electronic signature: name typed on the page that a single-use link opened"


@dataclass(frozen=True, slots=True)
class Heard:
    """What others said of one record: signatures, and pages that were signed on paper."""

    signatures: list[GuestSignature] = field(default_factory=list)
    papers: list[SignedPaper] = field(default_factory=list)

    @property
    def is_locked(self) -> bool:
        """Whether the page stays as it was signed."""
        return any(row.task != Task.CONFIRM.value for row in self.signatures)

    @property
    def author_of(self) -> dict[str, GuestSignature]:
        """Return whose each box is that somebody else filled in."""
        return {key: row for row in self.signatures for key in row.answers}

    def answers(self, record: Record) -> dict[str, str]:
        """Return what stands on the page: what others answered comes before what the learner wrote."""
        found = dict(record.answers)
        for row in self.signatures:
            found |= row.answers
        return found


NOTHING = Heard()


def heard_of(**of: Any) -> dict[UUID, Heard]:
    """Return what others said of the records that are found so, by record, in two queries."""
    found: dict[UUID, Heard] = defaultdict(Heard)
    rows = GuestSignature.objects.filter(**of).select_related("link__client", "link__record__session__client")
    for row in rows.order_by("signed_at", "id"):
        found[row.record_id].signatures.append(row)
    papers = SignedPaper.objects.filter(**of, removed_at__isnull=True).select_related("evidence")
    for paper in papers.order_by("added_at", "id"):
        found[paper.record_id].papers.append(paper)
    return found


def signatory(row: GuestSignature) -> str:
    """Return who signed, as portfolios name them: a client is a number and has no name there."""
    guest = Guest(row.link.guest)
    if guest is not Guest.CLIENT:
        return f"{row.name}, {guest.label[:1].lower()}{guest.label[1:]}"
    return client_of(row.link) or guest.label


def client_of(link: GuestLink) -> str:
    """Return the client that a link is for, under their pseudonym; empty where none was named."""
    if link.record.session_id:
        return str(link.record.session.client)
    return str(link.client) if link.client_id else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page of a record says of others: who may be asked, and how each link stands."""

    asks: tuple[Ask, ...]
    links: list[tuple[GuestLink, Standing]]
    heard: Heard

    @property
    def may_ask(self) -> bool:
        """Whether somebody has not signed yet who may be asked to."""
        signed = {row.link.guest for row in self.heard.signatures}
        return any(ask.guest.value not in signed for ask in self.asks)

    @property
    def is_awaited(self) -> bool:
        """Whether the page is with somebody who fills it in."""
        return any(
            link.task == Task.ANSWER.value and standing is Standing.OPEN for link, standing in self.links
        )


def asked_of(records: Iterable[Record], forms: Mapping[UUID, Form], *, at: datetime) -> dict[UUID, Asked]:
    """Return what others are asked and said of some records, in three queries."""
    ids = [record.pk for record in records]
    heard = heard_of(record__in=ids)
    links: dict[UUID, list[tuple[GuestLink, Standing]]] = defaultdict(list)
    rows = GuestLink.objects.filter(record__in=ids, withdrawn_at__isnull=True)
    used = {row.link_id for found in heard.values() for row in found.signatures}
    for link in rows:
        if link.pk not in used:
            links[link.record_id].append((link, standing(link, at=at)))
    return {pk: Asked(asks_of(forms[pk].part), links[pk], heard[pk]) for pk in ids}


def standing(link: GuestLink, *, at: datetime, is_signed: bool = False) -> Standing:
    """Return how a link stands."""
    is_withdrawn = link.withdrawn_at is not None
    return standing_of_link(is_signed=is_signed, is_withdrawn=is_withdrawn, expires_at=link.expires_at, at=at)


def link_by_digest(digest: str, *, at: datetime) -> tuple[GuestLink, Standing] | None:
    """Return the link with this digest, with all that its page shows, and how it stands."""
    used = GuestSignature.objects.filter(link=OuterRef("pk"))
    rows = GuestLink.objects.filter(token_digest=digest).annotate(is_used=Exists(used))
    link = rows.select_related(
        "client",
        "record__registration__learner__membership",
        "record__registration__qualification",
        "record__session__client",
        "record__supervision",
    ).first()
    if link is None:
        return None
    found = standing(link, at=at, is_signed=link.is_used)
    if found is Standing.OPEN and is_taken_back(link.record):
        found = Standing.WITHDRAWN
    return link, found


def is_taken_back(record: Record) -> bool:
    """Say whether a record, or the session that it is about, was deleted."""
    about = record.session or record.supervision
    return record.removed_at is not None or (about is not None and about.removed_at is not None)


def facts_for_guest(link: GuestLink) -> dict[Known, str]:
    """Return what is on record of the page that a guest is asked about; of the learner, the first name."""
    record = link.record
    facts = {Known.LEARNER: given_name(link), Known.CLIENT: client_of(link)}
    if record.session is not None:
        starts = localtime(record.session.starts_at)
        facts |= {
            Known.NUMBER: str(record.session.number),
            Known.DATE: f"{starts:%-d %b %Y, %H:%M}",
            Known.LENGTH: in_hours(record.session.minutes),
        }
    elif record.supervision is not None:
        facts |= {
            Known.DATE: f"{record.supervision.held_on:%-d %b %Y}",
            Known.LENGTH: in_hours(record.supervision.minutes),
        }
    return facts


def given_name(link: GuestLink) -> str:
    """Return the learner's name as far as somebody who knows them needs it."""
    return str(link.record.registration.learner.name).split()[0]


def shown_by(link: GuestLink, form: Form, facts: Mapping[Known, str]) -> list[dict[str, str]]:
    """Return what the page of a link shows, line by line."""
    return shown_to_guest(form.part, Task(link.task), link.record.answers, facts)


def fingerprint_of_page(shown: list[dict[str, str]]) -> str:
    """Return the fingerprint of what a page showed, by which a change of it is noticed."""
    return fingerprint(canonical_json(shown))


def papers_to_choose(record: Record) -> list[Any]:
    """Return the files that may be a page as it was signed on paper: clean ones of the registration."""
    taken = SignedPaper.objects.filter(record=record, removed_at__isnull=True)
    rows = Evidence.objects.filter(
        Q(kind=Evidence.Kind.FILE, state=Evidence.State.CLEAN, removed_at__isnull=True),
        registration=record.registration_id,
    )
    return list(rows.exclude(pk__in=taken.values("evidence")).order_by("-added_at", "-id")[:200])


def clients_to_choose(record: Record) -> list[tuple[str, str]]:
    """Return the clients of a record's unit that a link may be for."""
    rows = PracticeClient.objects.filter(registration=record.registration_id, unit_ref=record.unit_ref)
    return [(str(row.pk), str(row)) for row in rows.order_by("number")]
