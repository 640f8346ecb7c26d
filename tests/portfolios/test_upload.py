"""Files in pieces: cut anywhere and carried on, refused at the right moment, forgotten in time."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from centres.models import Wakeup
from centres.scoping import centre_scope
from portfolios import tasks
from portfolios.actions import offer_file, restore_offer, withdraw_offer
from portfolios.actions.offer import PartFull
from portfolios.actions.upload import EXPIRE, FINISH, begin_upload, finish_upload, folder_of, receive_piece
from portfolios.models import Evidence, Submission, Upload
from portfolios.views import UploadView
from tests.makers import AT, Cast, make_learner, submit
from tests.portfolios.samples import at, pdf, signed_in
from tests.uploads.good import SAMPLES

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
FILM = (SAMPLES / "faststart.mp4").read_bytes()


@pytest.fixture(autouse=True)
def files(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def begin(client: Client, url: str, name: str = "film.mp4", length: int = len(FILM), **more: Any) -> Any:
    metadata = f"filename {b64encode(name.encode()).decode()},mark {b64encode(b'1').decode()}"
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata, **more}
    return client.post(url, headers=headers)


def send(client: Client, url: str, offset: int, content: bytes, **more: str) -> Any:
    return client.patch(
        url,
        data=content,
        content_type=more.pop("type", "application/offset+octet-stream"),
        headers={**TUS, "Upload-Offset": str(offset), **more},
    )


def uploads(cast: Cast, draft: Submission) -> str:
    return at(cast, "uploads", draft, part_ref="1")


def kept(cast: Cast) -> list[Any]:
    with centre_scope(cast.centre.pk):
        return list(Evidence.objects.order_by("added_at"))


def test_a_file_comes_in_pieces_and_is_offered_when_it_is_whole(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    url = begin(learner, uploads(cast, draft))["Location"]
    assert send(learner, url, 0, FILM[:1000])["Upload-Offset"] == "1000"
    standing = learner.head(url)
    assert (standing["Upload-Offset"], standing["Upload-Length"]) == ("1000", str(len(FILM)))
    assert standing["Cache-Control"] == "no-store"
    assert kept(cast) == []
    last = send(learner, url, 1000, FILM[1000:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(FILM)))
    [evidence] = kept(cast)
    assert (evidence.label, evidence.content_type, evidence.size) == ("film.mp4", "video/mp4", len(FILM))
    with default_storage.open(evidence.storage_key) as stored:
        assert stored.read() == FILM
    again = send(learner, url, len(FILM), b"")
    assert again.status_code == 204
    assert len(kept(cast)) == 1
    assert "film.mp4" in learner.get(at(cast, "submission", draft)).content.decode()


def test_a_file_whose_sender_was_cut_off_at_the_very_end_is_made_whole(cast: Cast, draft: Submission) -> None:
    with centre_scope(cast.centre.pk):
        upload = begin_upload(
            submission=draft, part_ref="1", name="f.mp4", mark="", length=len(FILM), by=cast.learner, at=AT
        )
        receive_piece(upload=upload, offset=0, piece=BytesIO(FILM), at=AT)
    assert Wakeup.objects.filter(task=FINISH).count() == 1
    for _ in range(2):
        tasks.finish_upload(str(cast.centre.pk), str(upload.pk))
    assert len(kept(cast)) == 1
    assert not Wakeup.objects.filter(task=FINISH).exists()


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(FILM)), max_size=6).map(sorted))
def test_cut_at_any_byte_it_carries_on(cast: Cast, draft: Submission, cuts: list[int]) -> None:
    with centre_scope(cast.centre.pk):
        upload = begin_upload(
            submission=draft, part_ref="1", name="f.mp4", mark="", length=len(FILM), by=cast.learner, at=AT
        )
        for start, end in zip([0, *cuts], [*cuts, len(FILM)], strict=True):
            upload = receive_piece(upload=upload, offset=start, piece=BytesIO(FILM[start:end]), at=AT)
        evidence = finish_upload(upload=upload, by=cast.learner, at=AT).evidence
        with default_storage.open(evidence.storage_key) as stored:
            assert stored.read() == FILM


class CutOff(BytesIO):
    """A connection that ends before everything has come that was announced."""

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        if not block:
            raise OSError("the connection was cut")
        return block


@examples(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(FILM) - 1), max_size=4, unique=True).map(sorted))
def test_a_connection_cut_at_any_byte_loses_nothing_that_has_come(
    cast: Cast, draft: Submission, learner: Client, cuts: list[int]
) -> None:
    location, at_byte = begin(learner, uploads(cast, draft))["Location"], 0
    for cut in cuts:
        piece: dict[str, Any] = {"wsgi.input": CutOff(FILM[at_byte:cut])}
        learner.generic(
            "PATCH",
            location,
            FILM[at_byte:],
            "application/offset+octet-stream",
            headers={**TUS, "Upload-Offset": str(at_byte)},
            **piece,
        )
        at_byte = int(learner.head(location)["Upload-Offset"])
        assert at_byte == cut
    assert send(learner, location, at_byte, FILM[at_byte:])["Upload-Offset"] == str(len(FILM))
    with centre_scope(cast.centre.pk), default_storage.open(kept(cast)[-1].storage_key) as stored:
        assert stored.read() == FILM


def test_a_piece_from_the_wrong_place_is_a_conflict(cast: Cast, draft: Submission, learner: Client) -> None:
    url = begin(learner, uploads(cast, draft))["Location"]
    send(learner, url, 0, FILM[:500])
    for offset in (0, 499, 501):
        answer = send(learner, url, offset, b"x")
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "500")
    with centre_scope(cast.centre.pk):
        upload = Upload.objects.get()
        assert [name.rpartition("/")[2] for name in upload.pieces] == ["0"]


def test_more_than_was_announced_is_refused(cast: Cast, draft: Submission, learner: Client) -> None:
    url = begin(learner, uploads(cast, draft), length=100)["Location"]
    assert send(learner, url, 0, FILM[:101]).status_code == 413
    assert learner.head(url)["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("name", "length", "status", "says"),
    [
        ("film.mp4", 501 * 2**20, 413, "This file is 501 MB; the limit is 500 MB."),
        ("diary.pdf", 51 * 2**20, 413, "the limit is 50 MB"),
        ("diary.pdf", 0, 422, "This file is empty"),
        ("notes.docm", 10, 422, "they can hold macros"),
        ("program.exe", 10, 422, "We can take PDF"),
    ],
)
def test_what_the_name_and_the_size_show_is_refused_before_a_byte_has_come(
    cast: Cast, draft: Submission, learner: Client, name: str, length: int, status: int, says: str
) -> None:
    answer = begin(learner, uploads(cast, draft), name, length)
    assert answer.status_code == status
    assert says in answer.content.decode()


def test_what_the_structure_shows_is_refused_when_it_is_whole(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    content = pdf(password="secret")
    url = begin(learner, uploads(cast, draft), "diary.pdf", len(content))["Location"]
    for offset, piece in ((0, content), (len(content), b"")):
        answer = send(learner, url, offset, piece)
        assert answer.status_code == 422
        assert answer.content.decode().startswith("This PDF has a password.")
    assert kept(cast) == []


def test_the_room_of_a_registration_is_counted(
    cast: Cast, draft: Submission, learner: Client, settings: Any
) -> None:
    settings.UPLOAD_QUOTA_BYTES = 3 * 2**20
    assert begin(learner, uploads(cast, draft), length=2 * 2**20).status_code == 201
    answer = begin(learner, uploads(cast, draft), length=2 * 2**20)
    assert answer.status_code == 413
    assert answer.content.decode() == "You have room for 1 MB more. Ask your centre for more room."


def test_only_so_many_are_on_their_way_at_once(
    cast: Cast, draft: Submission, learner: Client, settings: Any
) -> None:
    settings.UPLOADS_AT_ONCE = 1
    assert begin(learner, uploads(cast, draft)).status_code == 201
    assert "Too many files" in begin(learner, uploads(cast, draft)).content.decode()


def test_an_upload_whose_time_is_over_is_gone(
    cast: Cast, draft: Submission, learner: Client, settings: Any
) -> None:
    with centre_scope(cast.centre.pk):
        url = begin(learner, uploads(cast, draft))["Location"]
        send(learner, url, 0, FILM[:500])
        folder = folder_of(Upload.objects.get())
    tasks.expire_upload(str(cast.centre.pk), url.split("/")[-2])
    assert learner.head(url).status_code == 200
    assert default_storage.listdir(folder)[1] == ["0"]
    settings.UPLOAD_SECONDS = 0
    late = begin(learner, uploads(cast, draft))["Location"]
    assert learner.head(late).status_code == send(learner, late, 0, b"x").status_code == 410
    for _ in range(2):
        tasks.expire_upload(str(cast.centre.pk), late.split("/")[-2])
    assert learner.head(late).status_code == 404
    assert Wakeup.objects.filter(task=EXPIRE).count() == 1


def test_an_upload_is_given_up(
    cast: Cast, draft: Submission, learner: Client, django_capture_on_commit_callbacks: Any
) -> None:
    url = begin(learner, uploads(cast, draft))["Location"]
    send(learner, url, 0, FILM[:500])
    with centre_scope(cast.centre.pk):
        folder = folder_of(Upload.objects.get())
    with django_capture_on_commit_callbacks(execute=True):
        assert learner.delete(url, headers=TUS).status_code == 204
    assert learner.head(url).status_code == 404
    assert not default_storage.exists(folder)


def test_an_upload_that_was_given_up_while_a_piece_came_is_gone(
    cast: Cast, draft: Submission, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another request gave it up between finding its row and locking it."""
    url = begin(learner, uploads(cast, draft))["Location"]
    with centre_scope(cast.centre.pk):
        found = Upload.objects.select_related("submission").get()
        Upload.objects.filter(pk=found.pk).delete()
    monkeypatch.setattr(UploadView, "_own", lambda *_: found)
    assert send(learner, url, 0, FILM[:500]).status_code == 404
    assert learner.delete(url, headers=TUS).status_code == 204
    monkeypatch.setattr(UploadView, "has_all", True)
    assert send(learner, url, 0, b"").status_code == 404


def test_a_mark_is_kept_without_what_cannot_be_stored(cast: Cast, draft: Submission, learner: Client) -> None:
    metadata = f"filename {b64encode(b'film.mp4').decode()},mark {b64encode(b'1' + bytes(1) + b'2').decode()}"
    headers = {**TUS, "Upload-Length": "9", "Upload-Metadata": metadata}
    assert learner.post(uploads(cast, draft), headers=headers).status_code == 201
    with centre_scope(cast.centre.pk):
        assert Upload.objects.get().mark == "12"


def test_another_learner_finds_nothing(cast: Cast, draft: Submission, learner: Client) -> None:
    url = begin(learner, uploads(cast, draft))["Location"]
    ben = make_learner(cast.centre, "Ben Okoro", by=cast.administrator, number="R-2")
    other = signed_in(ben.learner.membership)
    assert begin(other, uploads(cast, draft)).status_code == 404
    assert other.head(url).status_code == send(other, url, 0, FILM).status_code == 404
    assert other.delete(url, headers=TUS).status_code == 404
    assert signed_in(cast.assessor).head(url).status_code == 403
    assert learner.head(url)["Upload-Offset"] == "0"


def test_the_protocol_is_kept(cast: Cast, draft: Submission, learner: Client) -> None:
    here = uploads(cast, draft)
    told = learner.options(here)
    assert (told["Tus-Version"], told["Tus-Max-Size"]) == ("1.0.0", str(500 * 2**20))
    assert told["Tus-Extension"] == "creation,termination,expiration"
    assert learner.post(here, headers={"Upload-Length": "9"}).status_code == 412
    wrongs: list[dict[str, Any]] = [
        {"Upload-Length": "-1"},
        {"Upload-Length": "x"},
        {"Upload-Metadata": "filename !"},
    ]
    for wrong in wrongs:
        assert begin(learner, here, **wrong).status_code == 400
    url = begin(learner, here)["Location"]
    assert send(learner, url, 0, b"x", type="text/plain").status_code == 415
    assert send(learner, url, 0, b"x", **{"Upload-Offset": "x"}).status_code == 400
    assert send(learner, url, 0, b"x", **{"Tus-Resumable": "0.2"}).status_code == 412
    assert learner.get(url).status_code == 405


def test_an_attempt_that_was_submitted_takes_no_more(cast: Cast, draft: Submission, learner: Client) -> None:
    url = begin(learner, uploads(cast, draft))["Location"]
    submit(cast, draft)
    answer = send(learner, url, 0, FILM)
    assert (answer.status_code, kept(cast)[0].kind) == (422, Evidence.Kind.TEXT)
    assert "no longer changes" in answer.content.decode()
    assert begin(learner, uploads(cast, draft)).status_code == 422


def test_the_form_comes_from_our_own_pages(cast: Cast, draft: Submission) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.learner.user)
    assert begin(client, uploads(cast, draft)).status_code == 403


def test_the_database_itself_keeps_to_the_length(cast: Cast, draft: Submission, learner: Client) -> None:
    begin(learner, uploads(cast, draft))
    with centre_scope(cast.centre.pk), pytest.raises(DatabaseError), transaction.atomic():
        Upload.objects.update(received=len(FILM) + 1)


def test_a_file_on_its_way_is_on_the_page(cast: Cast, draft: Submission, learner: Client) -> None:
    url = begin(learner, uploads(cast, draft))["Location"]
    send(learner, url, 0, FILM[:500])
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert f'data-url="{url}"' in page
    assert "film.mp4" in page
    assert "Choose the same file again to carry on." in page


def test_a_part_holds_so_many_files(
    cast: Cast, draft: Submission, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portfolios.actions.offer.MAX_FILES_A_PART", 2)
    on_its_way = begin(learner, uploads(cast, draft), "three.mp4")["Location"]
    with centre_scope(cast.centre.pk):
        for name in ("one.txt", "two.txt"):
            offer = offer_file(
                submission=draft, part_ref="1", name=name, file=BytesIO(name.encode()), by=cast.learner, at=AT
            )
        offer_file(submission=draft, part_ref="2", name="2.txt", file=BytesIO(b"2"), by=cast.learner, at=AT)
    for refused in (begin(learner, uploads(cast, draft)), send(learner, on_its_way, 0, FILM)):
        assert refused.status_code == 422
        assert b"which is the limit. Take one away" in refused.content
    file = SimpleUploadedFile("four.txt", b"Words")
    chosen = learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": file})
    assert b"which is the limit. Take one away" in chosen.content
    with centre_scope(cast.centre.pk):
        withdraw_offer(offer=offer, by=cast.learner, at=AT)
        offer_file(submission=draft, part_ref="1", name="5.txt", file=BytesIO(b"5"), by=cast.learner, at=AT)
        with pytest.raises(PartFull):
            restore_offer(submission=draft, evidence=offer.evidence, part_ref="1", by=cast.learner, at=AT)
