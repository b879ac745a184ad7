"""The pages of imports, as each person meets them, in both languages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxi.commons.accounts.models import Account
from lianxi.commons.papers import services
from lianxi.commons.papers.models import ImportBatch, ImportRow
from lianxi.commons.papers.terms import State
from lianxi.commons.permissions import asking

from .books import book_of
from .conftest import HEAD

pytestmark = pytest.mark.django_db
GOOD = ("刘砚", "13800001001", "中文", "2020-01-05")
WRONG = ("<script>x</script>", "12", None, None)


def signed_in(person: Any, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(
        Account.objects.create_user(f"u{person.pk}", "x", person=person),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    client.cookies["language"] = language
    return client


@pytest.fixture
def client(street: Any, settings: Any) -> Client:
    return signed_in(street.clerk)


def send(client: Client, kind: Any, file: bytes, name: str = "名单.xlsx", **more: str) -> Any:
    return client.post(reverse("import_start", args=[kind.name]), {"file": SimpleUploadedFile(name, file), **more})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_way_through_the_pages(street: Any, kind: Any, work: Callable[..., ImportBatch], language: str) -> None:
    client = signed_in(street.clerk, language)
    start = client.get(reverse("import_start", args=[kind.name]))
    assert start.status_code == 200
    sent = send(client, kind, book_of([HEAD, GOOD, WRONG]).getvalue())
    batch = ImportBatch.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/papers/{batch.pk}/")
    working = client.get(sent["Location"])
    assert f'hx-get="/papers/{batch.pk}/progress/"' in working.content.decode()
    bar = client.get(reverse("import_progress", args=[batch.pk]))
    assert "<html" not in bar.content.decode()
    work(batch, "check")
    assert client.get(reverse("import_progress", args=[batch.pk]))["HX-Redirect"] == f"/papers/{batch.pk}/"
    page = client.get(sent["Location"])
    text = page.content.decode()
    assert "138****1001" in text
    assert "13800001001" not in text
    assert "&lt;script&gt;x" in text
    assert "<script>x" not in text
    assert ("1行可以导入，1行有问题。" if language == "zh-hans" else "1 row is ready, 1 has a problem.") in text
    assert " style=" not in text
    applied = client.post(reverse("import_apply", args=[batch.pk]), {"good_only": "1", "seen": "2"})
    assert applied.status_code == 302
    work(batch, "apply")
    assert client.get(sent["Location"]).status_code == 200
    assert client.post(reverse("import_undo", args=[batch.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("import_undo", args=[batch.pk]), {"reason": "传错了"}).status_code == 302
    batch = work(batch, "undo")
    assert batch.state == State.UNDONE
    assert client.get(sent["Location"]).status_code == 200
    mine = client.get(reverse("imports"))
    assert "名单.xlsx" in mine.content.decode()
    if language == "en":
        for page in (start, working, mine):
            assert "导入" not in page.content.decode().replace("人员名单", "")


def test_a_bad_file_keeps_what_was_typed(client: Client, kind: Any) -> None:
    answer = send(client, kind, b"%PDF-1.7", sheet="第二张")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "这不是表格，是PDF文件" in text
    assert 'value="第二张"' in text
    assert ImportBatch.objects.count() == 0


def test_no_file_is_named(client: Client, kind: Any) -> None:
    assert client.post(reverse("import_start", args=[kind.name]), {}).status_code == 422


def test_an_imported_file_asks_before_it_is_taken_again(
    client: Client, kind: Any, upload: Any, work: Any, clerk: Any, at: dt.datetime
) -> None:
    file = book_of([HEAD, GOOD])
    batch = work(upload(file=file), "check")
    services.apply(batch, good_only=False, actor=clerk, at=at)
    work(batch, "apply")
    refused = send(client, kind, file.getvalue())
    assert refused.status_code == 422
    assert 'name="again"' in refused.content.decode()
    assert send(client, kind, file.getvalue(), again="on").status_code == 302


def test_refusals_stand_on_the_page(client: Client, upload: Any, work: Any) -> None:
    batch = work(upload(GOOD, WRONG), "check")
    refused = client.post(reverse("import_apply", args=[batch.pk]), {})
    assert refused.status_code == 422
    assert "还有行不能导入" in refused.content.decode()
    stale = client.post(reverse("import_discard", args=[batch.pk]), {"seen": "1"})
    assert stale.status_code == 409
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count()) == (State.CHECKED, 2)


@pytest.mark.parametrize("who", ["resident", "secretary", "dispatcher", "outsider", "other_clerk"])
def test_others_find_nothing(street: Any, upload: Any, work: Any, kind: Any, who: str) -> None:
    from lianxi.commons.accounts.models import Person
    from lianxi.commons.permissions.models import Posting

    batch = work(upload(GOOD), "check")
    person = getattr(street, who, None)
    if person is None:
        person = Person.objects.create(name="另一个")
        Posting.objects.create(person=person, unit=street.tingsong, role="clerk", since=dt.date(2025, 1, 1))
    client = signed_in(person)
    for name in ("import", "import_progress", "import_problems"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 404
    for name in ("import_apply", "import_undo", "import_discard", "import_stop"):
        assert client.post(reverse(name, args=[batch.pk]), {"reason": "传错了"}).status_code == 404
    expected = 200 if who == "other_clerk" else 404
    assert client.get(reverse("import_start", args=[kind.name])).status_code == expected
    assert client.get(reverse("import_template", args=[kind.name])).status_code == expected
    assert "名单.xlsx" not in client.get(reverse("imports")).content.decode()
    batch.refresh_from_db()
    assert batch.state == State.CHECKED


def test_strangers_are_asked_to_log_in(kind: Any, upload: Any) -> None:
    batch = upload(GOOD)
    client = Client()
    for name, args in (
        ("imports", []),
        ("import", [batch.pk]),
        ("import_start", [kind.name]),
        ("import_problems", [batch.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 302


def test_downloads(client: Client, upload: Any, work: Any, kind: Any) -> None:
    batch = work(upload(GOOD, WRONG), "check")
    for address in (reverse("import_problems", args=[batch.pk]), reverse("import_template", args=[kind.name])):
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"PK")
        assert "attachment" in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "no-store"


def test_the_preview_costs_a_bounded_number_of_queries(
    client: Client, upload: Any, work: Any, django_assert_max_num_queries: Any, clerk: Any
) -> None:
    batch = work(upload(*[(f"人{n}", None, None, None) for n in range(200)]), "check")
    with django_assert_max_num_queries(16), asking(clerk):
        page = client.get(reverse("import", args=[batch.pk]), {"verdict": "ready", "after": "51"})
    text = page.content.decode()
    assert "人50" in text
    assert "人101" not in text
    assert "after=101" in text
