"""Asking somebody without an account to answer or sign a record: the link, their draft, their signature."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from centres.actions import record_event
from centres.models import Membership
from lib.canonical import canonical_json, fingerprint
from lib.ids import new_token, token_digest
from lib.refusals import Refusal, StaleVersion
from portfolios.actions.keep import keep_piece
from portfolios.actions.record import BoxRefused, RecordGone
from portfolios.models import Evidence, GuestLink, GuestSignature, PracticeClient, Record, SignedPaper
from portfolios.rules import Part
from portfolios.rules.guests import (
    DAYS,
    LONGEST_DAYS,
    SHORTEST_DAYS,
    Ask,
    Guest,
    Standing,
    Task,
    asks_of,
    clean_guest,
    faults_before_signing,
    is_ready_for,
    stated,
)
from portfolios.rules.kept import Signed
from portfolios.selectors.forms import Form
from portfolios.selectors.guests import (
    METHOD,
    client_of,
    facts_for_guest,
    fingerprint_of_page,
    is_taken_back,
    shown_by,
    standing,
)
from qualifications.models import Registration

MAX_NAME_CHARACTERS = 200


class NotAsked(Refusal):
    default_message = "This page is not one for them to sign. Choose somebody from the list."


class NotReady(Refusal):
    default_message = "There is nothing to sign yet. Fill in the page first."


class WrittenAlready(Refusal):
    default_message = "You wrote on this copy yourself. Empty it, or begin another copy for them to answer."


class SignedAlready(Refusal):
    default_message = "They have signed this page. It stays as it is."


class LinkClosed(Refusal):
    """The link signs nothing any more; ``standing`` says why."""

    default_message = "This link signs nothing any more."

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        super().__init__()


class PageChanged(StaleVersion):
    default_message = "What this page says has changed since you opened it. Read it again, then sign."


class NotAPaper(Refusal):
    default_message = "Choose a file that was checked and is ready."


@transaction.atomic
def make_link(
    *,
    record: Record,
    form: Form,
    ask: Ask,
    client: PracticeClient | None,
    days: int,
    by: Membership,
    at: datetime,
) -> tuple[GuestLink, str]:
    """Return a link for one guest, and its token, which is kept nowhere. An older one stops working.

    Raises NotAsked, NotReady, WrittenAlready, SignedAlready, RecordGone, Refusal.
    """
    record = Record.locked(record.pk)
    if is_taken_back(record):
        raise RecordGone
    if ask not in asks_of(form.part):
        raise NotAsked
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise Refusal(DAYS)
    earlier = GuestLink.objects.filter(record=record, guest=ask.guest.value, withdrawn_at__isnull=True)
    _check_may_ask(earlier, form, ask, record)
    for old in earlier:
        withdraw_link(link=old, by=by, at=at)
    token = new_token()
    link: GuestLink = GuestLink.objects.create(
        record=record,
        guest=ask.guest.value,
        task=ask.task.value,
        client=client,
        token_digest=token_digest(token),
        made_at=at,
        made_by=by,
        expires_at=at + timedelta(days=days),
    )
    record_event("portfolios.link.made", target=link, by=by, at=at, guest=link.guest, days=days)
    return link, token


def _check_may_ask(earlier: QuerySet[GuestLink], form: Form, ask: Ask, record: Record) -> None:
    if GuestSignature.objects.filter(link__in=earlier).exists():
        raise SignedAlready
    if not is_ready_for(form.part, ask.task, record.answers):
        raise WrittenAlready if ask.task is Task.ANSWER else NotReady


@transaction.atomic
def withdraw_link(*, link: GuestLink, by: Membership, at: datetime) -> None:
    """Let a link work no more. Twice is the same as once. Raises SignedAlready."""
    link = GuestLink.locked(link.pk)
    if link.withdrawn_at is not None:
        return
    if GuestSignature.objects.filter(link=link).exists():
        raise SignedAlready("They signed in the meantime. Nothing was withdrawn.")
    link.withdrawn_at, link.withdrawn_by = at, by
    link.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record_event("portfolios.link.withdrawn", target=link, by=by, at=at, guest=link.guest)


@transaction.atomic
def save_draft(
    *, link: GuestLink, form: Form, typed: Mapping[str, str], name: str, at: datetime
) -> dict[str, str]:
    """Keep what a guest wrote so far, which is theirs alone until they sign; returns what is wrong with the
    rest, by box. Raises LinkClosed."""
    link = _open_link(link, at=at)
    kept, faults = clean_guest(form.part, Task(link.task), typed)
    link.draft = {**kept, "name": name[:MAX_NAME_CHARACTERS]}
    link.saved_at = at
    link.save(update_fields=["draft", "saved_at"])
    return faults


@transaction.atomic
def sign_as_guest(
    *, link: GuestLink, form: Form, typed: Mapping[str, str], name: str, seen: str, at: datetime
) -> GuestSignature:
    """Sign a page as the guest whom its link was made for; the first one to sign uses the link up.

    Raises LinkClosed, BoxRefused, PageChanged.
    """
    Registration.locked(link.record.registration_id)  # first, as whoever corrects what is signed here
    Record.locked(link.record_id)
    link = _open_link(link, at=at)
    task, part = Task(link.task), form.part
    kept = _complete(part, task, typed)
    shown = shown_by(link, form, facts_for_guest(link))
    if fingerprint_of_page(shown) != seen:
        raise PageChanged
    day = localtime(at).date()
    answers = {**stated(part, task, name=name, day=day, client=client_of(link)), **kept}
    content = json.loads(canonical_json(_content(link, form, name=name, shown=shown, answers=answers, at=at)))
    signature: GuestSignature = GuestSignature.objects.create(
        link=link,
        record=link.record,
        task=task.value,
        name=name,
        meaning=task.meaning,
        method=METHOD,
        answers=answers,
        content=content,
        sha256=fingerprint(canonical_json(content)),
        signed_at=at,
    )
    if part.signer is not None:
        _keep(link.record, form, signature, guest=Guest(link.guest))
    said = {"guest": link.guest, "task": task.value, "sha256": signature.sha256}
    record_event("portfolios.record.signed", target=link.record, by=None, at=at, **said)
    return signature


def _complete(part: Part, task: Task, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what a guest wrote, when it is all that they are asked. Raises BoxRefused."""
    kept, faults = clean_guest(part, task, typed)
    faults = faults or faults_before_signing(part, task, kept)
    if faults:
        raise BoxRefused(faults)
    return kept


@transaction.atomic
def add_paper(*, record: Record, evidence: Evidence, by: Membership, at: datetime) -> SignedPaper:
    """Say that a file is the record as somebody signed it on paper. Twice is the same as once.

    Raises NotAPaper, RecordGone.
    """
    record = Record.locked(record.pk)
    if is_taken_back(record):
        raise RecordGone
    is_ready = evidence.kind == Evidence.Kind.FILE and evidence.state == Evidence.State.CLEAN
    if not is_ready or evidence.registration_id != record.registration_id or evidence.removed_at:
        raise NotAPaper
    papers = SignedPaper.objects.filter(record=record, evidence=evidence, removed_at__isnull=True)
    known: SignedPaper | None = papers.first()
    if known is not None:
        return known
    paper: SignedPaper = SignedPaper.objects.create(
        record=record, evidence=evidence, added_at=at, added_by=by
    )
    record_event("portfolios.paper.added", target=record, by=by, at=at, sha256=evidence.sha256)
    return paper


@transaction.atomic
def remove_paper(*, paper: SignedPaper, by: Membership, at: datetime) -> None:
    """Take a signed paper off its record; the file stays among the evidence."""
    paper = SignedPaper.locked(paper.pk)
    if paper.removed_at is None:
        paper.removed_at, paper.removed_by = at, by
        paper.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.paper.removed", target=paper.record, by=by, at=at)


def _open_link(link: GuestLink, *, at: datetime) -> GuestLink:
    """Return the link, locked. Raises LinkClosed unless it may still be used."""
    locked = GuestLink.locked(link.pk)
    is_signed = GuestSignature.objects.filter(link=locked).exists()
    found = standing(locked, at=at, is_signed=is_signed)
    if found is Standing.OPEN and is_taken_back(locked.record):
        found = Standing.WITHDRAWN
    if found is not Standing.OPEN:
        raise LinkClosed(found)
    return locked


def _keep(record: Record, form: Form, signature: GuestSignature, *, guest: Guest) -> None:
    """Keep what a guest answered as a piece of evidence; the learner who asked them is who adds it."""
    signed = Signed(
        signature.name, guest.label.lower(), signature.signed_at, signature.meaning, signature.method
    )
    record.evidence = keep_piece(
        record=record, form=form, answers=signature.answers, signed=signed, by=signature.link.made_by
    )
    record.save(update_fields=["evidence"])


def _content(
    link: GuestLink,
    form: Form,
    *,
    name: str,
    shown: list[dict[str, str]],
    answers: Mapping[str, str],
    at: datetime,
) -> dict[str, Any]:
    labels = {box.key: box.label for box in form.part.asked}
    return {
        "record": link.record_id,
        "registration": link.record.registration_id,
        "unit": link.record.unit_ref,
        "template": f"{form.key} version {form.version}",
        "part": form.part.key,
        "guest": link.guest,
        "task": link.task,
        "shown": shown,
        "answers": [{"label": labels[key], "text": text} for key, text in answers.items()],
        "name": name,
        "meaning": Task(link.task).meaning,
        "method": METHOD,
        "signed_at": at,
    }
