"""How the statements are written that the database must refuse."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import models

from centres.models import Membership
from lib.ids import new_id
from tests.wall.world import World

DAY = timedelta(days=1)
# More characters, and more lines, than a sheet prints of one text.
TOO_MUCH = ("x" * 20_001, "x\n" * 300)


class Refusal(NamedTuple):
    """A statement that must be refused, by the name in the answer; ``holds`` where the object's differs."""

    name: str
    breaks: Callable[[World], object]
    holds: str = ""

    @property
    def object(self) -> str:
        return self.holds or self.name


def copied(rows: Any, **changes: Any) -> Any:
    """Add a copy of the first of the rows, changed."""
    row = rows.order_by("pk").first()
    assert row is not None, "nothing to copy"
    row.pk = new_id()
    for name, value in changes.items():
        setattr(row, name, value)
    row._state.adding = True
    row.save(force_insert=True, using=rows.db)
    return row


def copy(model: type[models.Model], /, *, changes: dict[str, Any] | None = None, **found: Any) -> Any:
    """Return a statement that adds a changed copy of a row."""
    manager: Any = model._default_manager
    return lambda world: copied(manager.filter(**found), **(changes or {}))


def copy_of_catalogue(model: type[models.Model], /, **changes: Any) -> Any:
    """Return a statement by the owner, who alone writes the catalogue."""
    manager: Any = model._default_manager
    return lambda world: copied(manager.using("owner").all(), **changes)


def update(model: type[models.Model], /, *changes: dict[str, Any], **found: Any) -> Any:
    """Return a statement that changes one row, step by step."""
    manager: Any = model._default_manager

    def run(world: World) -> None:
        row = manager.filter(**found).order_by("pk").first()
        assert row is not None, "nothing to change"
        for change in changes:
            manager.filter(pk=row.pk).update(**change)

    return run


def elsewhere(model: type[models.Model], field: str, /, **found: Any) -> list[Callable[[World], object]]:
    """Return statements that add rows with a file of another centre, by its key and by a way out of ours."""

    def named(key: str) -> Callable[[World], object]:
        def run(world: World) -> None:
            written = key.replace("CENTRE", str(world.centre.pk))
            value = [f"{world.centre.pk}/x", written] if field == "pieces" else written
            copied(model._default_manager.filter(**found), **{field: value})

        return run

    return [named(key) for key in (f"{new_id()}/x", "x", "CENTRE", f"CENTRE/../{new_id()}/x", "CENTRE/x y/z")]


def twice(statement: Callable[[World], object]) -> Callable[[World], object]:
    return lambda world: (statement(world), statement(world))


def member(name: str) -> Any:
    return Membership.objects.get(name__startswith=name)
