"""Declaring and submitting an attempt, and withdrawing it in time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from lib.canonical import canonical_json, fingerprint
from lib.refusals import Refusal, StaleVersion
from portfolios.actions import (
    manifest_fingerprint,
    manifest_with,
    submit_attempt,
    withdraw_submission,
)
from portfolios.actions.move import NotNow
from portfolios.actions.submit import NotReady
from portfolios.forms import SubmitForm
from portfolios.models import Submission
from portfolios.rules import Counter, Lack, State, to_look_at
from portfolios.rules.privacy import Hand
from portfolios.rules.seen import what_changed
from portfolios.selectors.attempt import AGAINST, Asked, ToMend, asked_parts, part_key, words_for
from portfolios.selectors.claims import claims_in
from portfolios.selectors.frozen import counters_in
from portfolios.selectors.reading import Written, reading_of
from portfolios.selectors.unchanged import unchanged_since
from portfolios.views.page import AttemptPage

MOST_ROWS = 1000
DECLARED = {"text": "You have declared it", "missing": "", "url": ""}
UNDECLARED = DECLARED | {"missing": "The declaration is below", "url": "#declaration"}


class SubmitView(AttemptPage):
    """What is submitted with its fingerprints, the declaration, and one press."""

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.own(submission_id)
        if submission.state != State.DRAFT.value:
            return redirect(self.address("submission", submission))
        return self._form(submission, SubmitForm())

    def post(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.own(submission_id)
        form = SubmitForm(request.POST)
        form.is_valid()
        try:
            submitted = submit_attempt(
                submission=submission,
                has_declared=bool(form.cleaned_data.get("has_declared")),
                seen_sha256=form.cleaned_data.get("seen", ""),
                has_refused_standardisation=bool(form.cleaned_data.get("has_refused_standardisation")),
                by=self.by,
                at=self.at,
            )
        except NotReady as refusal:
            names = {part.ref: part.name for part in asked_parts(submission.assessment)}
            rows = [words_for(row, names, submission.registration.expires_on) for row in refusal.missing]
            return self._form(submission, form, self._linked(submission, rows), refusal.message, status=422)
        except StaleVersion as refusal:
            again = SubmitForm(
                initial={"has_refused_standardisation": form.cleaned_data.get("has_refused_standardisation")}
            )
            errors = [{"text": refusal.message, "url": "#holds"}]
            return self._form(
                submission, again, errors, seen_rows=request.POST.getlist("row")[:MOST_ROWS], status=409
            )
        except NotNow:
            return redirect(self.address("submission", submission))
        at = localtime(submitted.submitted_at)
        messages.success(
            request,
            f"Submitted at {at:%H:%M} on {at:%-d %b %Y}. You can withdraw until someone starts assessing.",
        )
        return redirect(self.address("submission", submission))

    def _linked(self, submission: Submission, rows: list[ToMend]) -> list[dict[str, str]]:
        where = {
            Lack.DECLARATION: "#id_has_declared",
            **dict.fromkeys((Lack.REGISTRATION, *AGAINST), "#registration"),
        }
        return [{"text": row.text, "url": where.get(row.kind) or self.place(submission, row)} for row in rows]

    def _checks(
        self,
        submission: Submission,
        asked: list[Asked],
        rows: list[dict[str, str]],
        counters: list[Counter],
    ) -> list[dict[str, str]]:
        """Return everything that is needed, each with what is missing there and where it is mended."""
        missing = {row["part"]: row for row in rows if row["part"]}
        ended = next((row for row in rows if row["kind"] in (Lack.REGISTRATION, *AGAINST)), {})
        checks = [self._counted(submission, counter) for counter in counters if counter.is_minimum]
        checks += [
            {"text": f"{part.name} has evidence", "missing": "", "url": ""} | missing.get(part.ref, {})
            for part in asked
            if part.ref in submission.open_parts
        ]
        checks.append({"text": "Your registration is open", "missing": "", "url": ""} | ended)
        return checks

    def _counted(self, submission: Submission, counter: Counter) -> dict[str, str]:
        url = self.unit_address(submission, counter.unit)
        return {"text": f"{counter.name}: {counter.shown}", "missing": counter.text, "url": url}

    def _read(self, submission: Submission) -> dict[str, Any]:
        """Return what is said of the learner's words: a guide and questions, never a refusal."""
        reading = reading_of(submission)
        noted = [
            {
                "question": row.question,
                "place": row.written.place,
                "url": self._where(submission, row.written),
            }
            for row in reading.noted
        ]
        return {"words": reading.words, "noted": noted}

    def _where(self, submission: Submission, written: Written) -> str:
        """Return the address where a text is changed."""
        if written.hand is Hand.STAFF:
            kwargs = {"slug": self.centre.slug, "registration_id": submission.registration_id}
            return f"{reverse('portfolios:programme', kwargs=kwargs)}#deviations"
        if written.record is None:
            return f"{self.address('submission', submission)}#part-{part_key(written.part)}"
        for name in ("session", "supervision"):
            about = getattr(written.record, f"{name}_id")
            if about is not None:
                kwargs = {"slug": self.centre.slug, f"{name}_id": about}
                return reverse(f"portfolios:{name}", kwargs=kwargs)
        kwargs = {"slug": self.centre.slug, "record_id": written.record.pk}
        return reverse("portfolios:record", kwargs=kwargs)

    def _form(
        self,
        submission: Submission,
        form: SubmitForm,
        errors: list[dict[str, str]] | None = None,
        count: str = "",
        *,
        seen_rows: Sequence[str] = (),
        status: int = 200,
    ) -> HttpResponse:
        asked = asked_parts(submission.assessment)
        frozen = self.frozen(submission)
        manifest, counters = manifest_with(submission, frozen), counters_in(frozen)
        mend = self.mend(submission, asked, manifest)
        checks = self._checks(submission, asked, mend, counters)
        checks.append(DECLARED if form.data.get("has_declared") else UNDECLARED)
        lines = _by_part(manifest, {part.ref: part.name for part in asked})
        changes = what_changed(seen_rows, {line["key"]: line["mark"] for line in lines})
        context: dict[str, Any] = {
            "submission": submission,
            "assessment": submission.assessment,
            "registration": submission.registration,
            "form": form,
            "errors": errors or [],
            "has_errors": bool(errors),
            "count": count,
            "checks": checks,
            "unchanged": unchanged_since(submission, manifest, frozen),
            "done": sum(1 for check in checks if not check["missing"]),
            "lines": [line | {"change": changes.rows.get(line["key"], "")} for line in lines],
            "gone": changes.gone_words,
            "seen": manifest_fingerprint(manifest),
            "looks": [
                {"text": row.text, "url": self.unit_address(submission, row.unit), "place": row.unit}
                for row in to_look_at(counters)
            ],
            **self._read(submission),
        }
        return render(self.request, "portfolios/submit.html", context, status=status)


class WithdrawView(AttemptPage):
    """Taking a submitted attempt back before an assessor has it."""

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.own(submission_id)
        if submission.state != State.SUBMITTED.value:
            return redirect(self.address("submission", submission))
        return render(
            request,
            "portfolios/withdraw.html",
            {"submission": submission, "assessment": submission.assessment},
        )

    def post(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.own(submission_id)
        if submission.state == State.DRAFT.value:
            return redirect(self.address("submission", submission))
        try:
            withdraw_submission(submission=submission, by=self.by, at=self.at)
        except Refusal as refusal:
            return self.refused_change(submission_id, refusal)
        messages.success(request, "Withdrawn. You can change it and submit it again.")
        return redirect(self.address("submission", submission))


def _by_part(manifest: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the lines of the manifest with what each is for; a text left empty says nothing."""
    return [
        {
            **line,
            "name": names.get(line["part"], line.get("unit", "")),
            "places": [str(claim.locator) for claim in claims_in([line])[line["part"]]],
            "key": f"{line['part']}/{line.get('evidence') or line.get('unit', '')}",
            "mark": fingerprint(canonical_json(line))[:12],
        }
        for line in manifest
        if line["size"]
    ]
