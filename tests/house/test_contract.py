"""What keeps people from forgetting: rooms in the contract, guarded views, paired fields, tasks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from centres.access import OPEN_VIEWS, CentreView
from centres.permissions import HOLDERS, Permission
from centres.scoping import TenantModel

ROOT = Path(settings.BASE_DIR)
ROOMS = ["desks", "quality_assurance", "marking", "portfolios", "assessments", "qualifications", "centres"]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


ALL_PATTERNS = list(patterns(get_resolver()))


@pytest.mark.parametrize(("route", "pattern"), ALL_PATTERNS, ids=[route for route, _ in ALL_PATTERNS])
def test_every_address_is_guarded_or_an_open_door_with_a_reason(route: str, pattern: URLPattern) -> None:
    view: Any = getattr(pattern.callback, "view_class", None)
    if route.startswith("c/<slug:slug>/") and pattern.name not in OPEN_VIEWS:
        assert isinstance(view, type)
        assert issubclass(view, CentreView), f"{route} is not guarded"
        assert isinstance(view.permission, Permission)
    else:
        assert pattern.name in OPEN_VIEWS, f"{route} is neither of a centre nor an open door"


def test_every_permission_has_holders() -> None:
    assert set(HOLDERS) == set(Permission)
    assert all(HOLDERS.values())


def test_a_view_without_a_permission_does_not_start() -> None:
    class Forgotten(CentreView):
        pass

    with pytest.raises(Exception, match="declares no permission"):
        Forgotten.as_view()


TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_a_time_that_may_be_empty_has_its_person_and_a_constraint(model: type[models.Model]) -> None:
    by_the_site = {"sent_at", "saved_at", "rendered_at", "ready_at", "ends_at"}
    names = {field.name for field in model._meta.local_fields}
    constraints = str([c.deconstruct() for c in model._meta.constraints])
    for field in model._meta.local_fields:
        if field.name.endswith("_at") and field.null and field.name not in by_the_site:
            by = field.name.removesuffix("_at") + "_by"
            assert by in names, f"{model.__name__}.{field.name} has no {by}"
            assert f"{by}__isnull" in constraints, f"{model.__name__}: nothing pairs {field.name} with {by}"


def test_every_task_that_is_woken_is_registered() -> None:
    current_app.loader.import_default_modules()
    registered = set(current_app.tasks)
    woken = set()
    for path in ROOT.glob("*/**/*.py"):
        if path.parts[len(ROOT.parts)] in ROOMS and "migrations" not in path.parts:
            woken |= _woken_names(path)
    assert woken, "nothing is ever woken"
    assert woken <= registered


def _woken_names(path: Path) -> set[str]:
    text = path.read_text()
    if "wake(" not in text:
        return set()
    constants = dict(re.findall(r'^([A-Z_]+) = "([a-z_]+\.[a-z_]+)"', text, re.MULTILINE))
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "wake":
            first = node.args[0]
            if isinstance(first, ast.Constant):
                names.add(str(first.value))
            elif isinstance(first, ast.Name):
                names.add(constants[first.id])
    return names
