"""One centre at a time: the scope that every query of a tenant table runs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from lib.ids import new_id

GLOBAL_TABLES = {
    "centres_centre": "the list of centres: an address must be found before its centre is entered",
    "centres_user": "one person may belong to several centres; e-mail and password only",
    "centres_wakeup": "what sweeps wake up: ids, a task's name and a time, nothing about anybody",
    "django_session": "a session begins before a centre is chosen",
    "django_migrations": "written by the owner only",
    "django_content_type": "made by the framework; holds names of models",
    "auth_permission": "made by the framework; unused",
    "auth_group": "made by the framework; unused",
    "auth_group_permissions": "made by the framework; unused",
    "qualifications_qualification": "the catalogue is the awarding bodies', the same for every centre",
    "qualifications_qualificationunit": "catalogue",
    "qualifications_unit": "catalogue",
    "qualifications_learningoutcome": "catalogue",
    "qualifications_criterion": "catalogue",
    "assessments_assessment": "catalogue",
    "assessments_assessmentunit": "catalogue",
    "assessments_section": "catalogue",
    "assessments_sheetcriterion": "catalogue",
    "assessments_qualificationassessment": "catalogue",
    "assessments_recordtemplate": "catalogue",
    "assessments_programme": "catalogue",
}

_current: ContextVar[UUID | None] = ContextVar("current_centre", default=None)
_Row = TypeVar("_Row", bound=models.Model)


class NoCentre(RuntimeError):
    """A tenant table was asked for while no centre was entered."""


def current_centre() -> UUID:
    """Return the id of the centre that was entered. Raises NoCentre."""
    centre_id = _current.get()
    if centre_id is None:
        raise NoCentre("Enter a centre before you read or write its rows.")
    return centre_id


def _set_config(centre: str, user: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.centre', %s, true), set_config('app.user_id', %s, true)", [centre, user]
        )


@contextmanager
def user_scope(user_id: UUID) -> Iterator[None]:
    """Open a transaction in which a person may read the memberships that are theirs, and nothing else."""
    with transaction.atomic():
        _set_config("", str(user_id))
        yield
        _set_config("", "")


@contextmanager
def centre_scope(centre_id: UUID | None, user_id: UUID | None = None) -> Iterator[None]:
    """Open a transaction that sees one centre's rows; an exception rolls it back and leaves the centre.

    The setting is local to the transaction. It is put back on the way out because a released savepoint
    would keep it, and a rollback restores it by itself. Raises NoCentre.
    """
    if centre_id is None:
        raise NoCentre("There is no centre to enter.")
    before = _current.get()
    with transaction.atomic():
        _set_config(str(centre_id), str(user_id or ""))
        token = _current.set(centre_id)
        try:
            yield
        finally:
            _current.reset(token)
        _set_config(str(before or ""), "")


class TenantManager(models.Manager[_Row]):
    """Rows of the centre that was entered: the alarm before the wall."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(centre_id=current_centre())


class TenantModel(models.Model):
    """A row that belongs to one centre and is seen by no other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    centre = models.ForeignKey(
        "centres.Centre",
        models.PROTECT,
        default=current_centre,
        editable=False,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["centre", "id"], name="%(app_label)s_%(class)s_within_centre")
        ]

    objects: Any = TenantManager()

    @classmethod
    def locked(cls, pk: UUID) -> Self:
        """Return the row, locked until the transaction ends. Raises the model's DoesNotExist."""
        row: Self = cls.objects.select_for_update(of=("self",)).get(pk=pk)
        return row
