"""A learner's evidence: the list of it, and one piece with what is claimed there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from centres.access import CentreView
from centres.permissions import Permission
from portfolios.actions import claim_criteria, remove_claim, restore_claim
from portfolios.actions.claim import NothingSaid, NotInUnit, OutsideEvidence
from portfolios.forms import ClaimForm, EvidenceFilter
from portfolios.models import Claim, Evidence, Offer, Record
from portfolios.rules.locators import LocatorKind
from portfolios.selectors import own_registrations
from portfolios.selectors.claims import as_seen
from portfolios.selectors.criteria import units_of
from portfolios.selectors.extent import extent_of
from portfolios.selectors.pane import as_piece
from portfolios.selectors.portfolio import coverage_of, covered_in, evidence_rows, offered_in, references_of


class EvidenceListView(CentreView):
    """Every piece of a learner, and how much of each unit is covered by claims on them."""

    permission = Permission.MAKE_SUBMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        form = EvidenceFilter(request.GET)
        form.is_valid()
        asked = {name: form.cleaned_data.get(name, "") for name in ("q", "claimed", "sort")}
        registrations = list(own_registrations(self.by).order_by("registered_on", "id"))
        size = request.GET.get("size", "")
        rows = evidence_rows(registrations, **asked)
        page = Paginator(rows, int(size) if size in ("50", "100") else 25).get_page(request.GET.get("page"))
        references = references_of([row.pk for row in registrations])
        pieces = list(page.object_list)
        titles = offered_in(pieces)
        wanted = request.GET.get("for", "")[:40]
        context = {
            "asked": asked,
            "choices": EvidenceFilter.base_fields["claimed"].choices,  # type: ignore[attr-defined]
            "page": page,
            "rows": [(references[row.pk], row, titles[row.pk]) for row in pieces],
            "registrations": registrations,
            "coverage": coverage_of(registrations),
            "wanted": wanted,
            "chips": _chips(asked, wanted),
            "sort": asked["sort"] or "-added",
        }
        return render(request, "portfolios/evidence_list.html", context)


class PiecePage(CentreView):
    """A page about one piece of a learner's own evidence."""

    permission = Permission.MAKE_SUBMISSION

    def piece(self, evidence_id: UUID) -> Evidence:
        """Return a piece of the learner's own. Raises Http404 for everybody else's."""
        rows = Evidence.objects.filter(registration__learner__membership=self.by, removed_at__isnull=True)
        found: Evidence = self.get_or_404(rows.select_related("registration__qualification"), evidence_id)
        return found

    def claim(self, claim_id: UUID) -> Claim:
        """Return a claim of the learner's own. Raises Http404 for everybody else's."""
        rows = Claim.objects.filter(registration__learner__membership=self.by)
        found: Claim = self.get_or_404(rows.select_related("evidence"), claim_id)
        return found

    def address(self, evidence: Evidence, anchor: str = "") -> str:
        """Return the address of a piece's page, or of a place on it."""
        kwargs = {"slug": self.centre.slug, "evidence_id": evidence.pk}
        return reverse("portfolios:claims", kwargs=kwargs) + anchor

    def shown(self, evidence: Evidence, form: ClaimForm, **more: Any) -> dict[str, Any]:
        """Return what the page of a piece is drawn with."""
        rows = Claim.objects.filter(evidence=evidence).select_related("evidence")
        claims = list(rows.order_by("first", "claimed_at", "id"))
        standing = [as_seen(row) for row in claims if row.removed_at is None]
        asked_for = [self.request.GET.get("for", "")]
        chosen = set(self.request.POST.getlist("criteria") if form.is_bound else asked_for)
        kept = Record.objects.filter(evidence=evidence).first()
        units = units_of(evidence.registration)
        covered = covered_in([evidence.registration], {unit.ref for unit in units})
        return {
            "evidence": evidence,
            "reference": references_of([evidence.registration_id])[evidence.pk],
            "piece": as_piece(evidence, standing),
            "claims": standing,
            "removed": [as_seen(row) for row in claims if row.removed_at is not None],
            "units": [
                (unit, sum((evidence.registration_id, unit.ref, ref) in covered for ref in unit.refs))
                for unit in units
            ],
            "covered": {f"{unit} {ref}" for _, unit, ref in covered},
            "open_units": self._open_units(evidence, chosen, kept) or {unit.ref for unit in units[:1]},
            "chosen": chosen,
            "form": form,
            "extent": extent_of(evidence),
            "kept_from": kept,
            "is_timed": form.kind is LocatorKind.TIME,
            "has_errors": bool(form.errors),
            **more,
        }

    def _open_units(self, evidence: Evidence, chosen: set[str], kept: Record | None) -> set[str]:
        """Return the units to show unfolded: those chosen, or else those the piece is offered or kept for."""
        if named := {value.partition(" ")[0] for value in chosen if value}:
            return named
        unit = "submission__assessment__assessment_units__unit__ref"
        offered = set(Offer.objects.filter(evidence=evidence).values_list(unit, flat=True))
        return offered | ({kept.unit_ref} if kept else set())


class ClaimsView(PiecePage):
    """One piece with the claims on it; a post claims a place in it for criteria."""

    def get(self, request: HttpRequest, evidence_id: UUID) -> HttpResponse:
        evidence = self.piece(evidence_id)
        form = ClaimForm(kind=extent_of(evidence).kind, initial=self._start(evidence))
        return render(request, "portfolios/claims.html", self.shown(evidence, form))

    def post(self, request: HttpRequest, evidence_id: UUID) -> HttpResponse:
        evidence = self.piece(evidence_id)
        form = ClaimForm(request.POST, kind=extent_of(evidence).kind)
        if not form.is_valid() or not self._claimed(evidence, form):
            return self._refused(evidence, form)
        said = _said(form.cleaned_data["criteria"])
        wants_another = request.POST.get("then") == "another"
        if request.htmx:  # type: ignore[attr-defined]
            return self._in_place(evidence, form.kind, said, form.cleaned_data["criteria"])
        messages.success(request, said)
        return redirect(self.address(evidence, "#claim-form" if wants_another else "#claims"))

    def _claimed(self, evidence: Evidence, form: ClaimForm) -> bool:
        """Make the claims, or say on the form why they cannot be made."""
        try:
            claim_criteria(
                evidence=evidence,
                criteria=form.cleaned_data["criteria"],
                locator=form.locator,
                why=form.cleaned_data["why"],
                by=self.by,
                at=self.at,
            )
        except NotInUnit as refusal:
            form.add_error("criteria", refusal.message)
        except OutsideEvidence as refusal:
            form.add_error(form.place, refusal.message)
        except NothingSaid as refusal:
            form.add_error("why", refusal.message)
        return form.is_valid()

    def _refused(self, evidence: Evidence, form: ClaimForm) -> HttpResponse:
        """Answer what could not be claimed, with every word that was typed."""
        template = "portfolios/claim_answer.html" if self.request.htmx else "portfolios/claims.html"  # type: ignore[attr-defined]
        answer = render(self.request, template, self.shown(evidence, form), status=422)
        wrong = next(iter(form.errors))
        place = "#id_criteria_0" if wrong == "criteria" else f"#id_{wrong}"
        trigger_client_event(answer, "focus-on", {"value": place}, after="settle")
        return answer

    def _in_place(
        self, evidence: Evidence, kind: LocatorKind, said: str, claimed: Sequence[tuple[str, str]]
    ) -> HttpResponse:
        """Answer with the list and an empty form, so that what is playing goes on.

        The focus goes to the next criterion of the unit that lacks evidence, where there is one.
        """
        form = ClaimForm(kind=kind, initial=self._start(evidence))
        shown = self.shown(evidence, form, open_units={unit for unit, _ in claimed})
        unit, ref = claimed[-1]
        refs = next(row.refs for row, _ in shown["units"] if row.ref == unit)
        turned = [*refs[refs.index(ref) :], *refs[: refs.index(ref)]]
        wanted = next((value for ref in turned if (value := f"{unit} {ref}") not in shown["covered"]), "")
        place = f"[name=criteria][value='{wanted}']" if wanted else "#claim-form-title"
        answer = render(self.request, "portfolios/claim_answer.html", shown)
        trigger_client_event(answer, "toast", {"value": said})
        trigger_client_event(answer, "focus-on", {"value": place}, after="settle")
        return answer

    def _start(self, evidence: Evidence) -> dict[str, Any]:
        extent = extent_of(evidence)
        return {"first": 1} if extent.pages == 1 else {}


class RemoveClaimView(PiecePage):
    """Taking a claim back, which can be undone."""

    def post(self, request: HttpRequest, claim_id: UUID) -> HttpResponse:
        claim = self.claim(claim_id)
        remove_claim(claim=claim, by=self.by, at=self.at)
        text = f"Claim for AC {claim.criterion_ref} of {claim.unit_ref} removed."
        if request.htmx:  # type: ignore[attr-defined]
            undo = reverse(
                "portfolios:restore_claim", kwargs={"slug": self.centre.slug, "claim_id": claim.pk}
            )
            form = ClaimForm(kind=LocatorKind(claim.kind))
            shown = self.shown(claim.evidence, form, toast={"text": text, "undo_url": undo}, only_list=True)
            answer = render(request, "portfolios/claim_answer.html", shown)
            trigger_client_event(answer, "focus-on", {"value": "#claims-title"}, after="settle")
            return answer
        messages.success(request, f"{text} It is under “Removed”, where you can put it back.")
        return redirect(self.address(claim.evidence, "#claims"))


class RestoreClaimView(PiecePage):
    """Putting a claim back."""

    def post(self, request: HttpRequest, claim_id: UUID) -> HttpResponse:
        claim = self.claim(claim_id)
        restore_claim(claim=claim, by=self.by, at=self.at)
        messages.success(request, f"Claim for AC {claim.criterion_ref} of {claim.unit_ref} is back.")
        if request.htmx:  # type: ignore[attr-defined]
            # The toast that asked is gone by now, so there is nothing to swap from.
            return HttpResponse(headers={"HX-Refresh": "true"})
        return redirect(self.address(claim.evidence, "#claims"))


def _said(criteria: list[tuple[str, str]]) -> str:
    """Return what was claimed, in words.

    >>> _said([("8586-302", "2.3"), ("8586-302", "2.4")])
    'Claimed for 8586-302 AC 2.3 and 8586-302 AC 2.4.'
    """
    names = [f"{unit} AC {ref}" for unit, ref in criteria]
    return f"Claimed for {' and '.join([', '.join(names[:-1]), names[-1]] if names[1:] else names)}."


def _chips(asked: dict[str, str], wanted: str) -> list[dict[str, str]]:
    words = {"yes": "With claims", "no": "Without claims"}
    chips = [{"label": f"Name: {asked['q']}", "url": "?"}] if asked["q"] else []
    chips += [{"label": words[asked["claimed"]], "url": "?"}] if asked["claimed"] else []
    return chips + ([{"label": f"For {wanted}", "url": "?"}] if wanted else [])
