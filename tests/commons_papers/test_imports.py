"""An import from upload to undo, and every step that is refused."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from lianxi.commons.accounts.models import Person
from lianxi.commons.papers import queries, services
from lianxi.commons.papers.models import ImportBatch, ImportEvent, ImportFile, ImportMade, ImportProgress, ImportRow
from lianxi.commons.papers.services import work as jobs_work
from lianxi.commons.papers.sheets import Unreadable
from lianxi.commons.papers.terms import State, Verdict
from lianxi.commons.papers.workflow import WALK
from lianxi.commons.permissions.models import Posting
from lianxi.commons.refusals import BadInput, ChangedMeanwhile, NotFound, NotOpenFromHere, NotPermitted
from lianxi.commons.workflow.walk import every_forbidden

from .books import book_of
from .conftest import HEAD, jobs

pytestmark = pytest.mark.django_db
GOOD = ("刘砚", "13800001001", "中文", "2020-01-05")
MENDED = ("林　某", 13800001002, "英文", "2020.1.5")
WRONG = ("陆秋", "12", None, None)
Send = Callable[..., ImportBatch]
Work = Callable[..., ImportBatch]


def people() -> list[str]:
    return list(
        Person.objects.filter(name__in=["刘砚", "林某", "陆秋", "赵一"]).order_by("pk").values_list("name", flat=True)
    )


def test_upload_waits_for_its_job_and_keeps_the_file_sealed(upload: Send) -> None:
    batch = upload(GOOD)
    assert (batch.state, batch.file_name) == (State.WAITING, "名单.xlsx")
    assert jobs() == ["papers.check"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM papers_importfile WHERE batch_id = %s", [batch.pk])
        raw = bytes(cursor.fetchone()[0])
    assert len(raw) > 1000
    assert not any(mark in raw for mark in (b"UEsDB", b"worksheets", "刘砚".encode()))


def test_from_upload_to_undo(upload: Send, work: Work, clerk: Any, at: dt.datetime) -> None:
    batch = work(upload(GOOD, MENDED, WRONG, ("赵一", "13800001001", None, None)), "check")
    assert (batch.state, queries.counts(batch)) == (
        State.CHECKED,
        {"ready": 1, "mended": 1, "wrong": 1, "duplicate": 1},
    )
    assert not ImportFile.objects.exists()
    assert people() == []
    services.apply(batch, good_only=True, actor=clerk, at=at)
    batch = work(batch, "apply")
    assert (batch.state, batch.applied, people()) == (State.APPLIED, 2, ["刘砚", "林某"])
    lin = Person.objects.get(name="林某")
    assert (lin.language, Person.objects.get(phone_is="13800001002")) == ("en", lin)
    assert ImportRow.objects.filter(verdict__in=("ready", "mended")).exclude(content=b"").count() == 0
    services.undo(batch, reason="传错了名单", actor=clerk, at=at)
    batch = work(batch, "undo")
    assert (batch.state, people(), ImportMade.objects.count()) == (State.UNDONE, [], 0)
    assert [event.verb for event in queries.history(batch)][::-1] == [
        "upload",
        "checked",
        "apply",
        "applied",
        "undo",
        "undone",
    ]
    assert jobs() == ["papers.check", "papers.apply", "papers.undo"]


def test_the_preview_names_cells_and_masks_what_is_protected(upload: Send, work: Work) -> None:
    batch = work(upload(GOOD, MENDED, WRONG, ("赵一", "13800001001", None, "2020-13-01")), "check")
    rows, after = queries.preview(batch)
    assert (len(rows), after) == (4, None)
    assert [cell.value for cell in rows[0].cells] == ["刘砚", "138****1001", "中文", "2020-01-05"]
    assert [(place, str(note)) for place, note in rows[2].said] == [("B（手机）", "“****”不是电话号码。")]
    assert rows[3].verdict == "wrong"
    assert [(place, str(note)) for place, note in rows[3].said] == [
        ("D（日期）", "“2020-13-01”：没有这一天。"),
        ("B（手机）", "第2行和第5行的“手机”相同。"),
    ]
    assert [str(note) for _place, note in rows[0].said] == ["后面第5行的“手机”和这一行相同，那一行没有算进来。"]
    assert "13800001001" not in repr(rows)


def test_the_preview_pages_by_row_and_filters(upload: Send, work: Work) -> None:
    batch = work(upload(*[(f"人{n}", None, None, None) for n in range(120)], WRONG), "check")
    first, after = queries.preview(batch)
    assert (len(first), first[0].number, after) == (50, 2, 51)
    last, end = queries.preview(batch, after=102)
    assert ([row.number for row in last][-1], end) == (122, None)
    wrong, _ = queries.preview(batch, "wrong")
    assert [row.number for row in wrong] == [122]


def test_problems_speak_the_readers_language(upload: Send, work: Work) -> None:
    batch = work(upload(WRONG), "check")
    with override("en"):
        note = queries.preview(batch)[0][0].said[0][1]
        assert str(note).isascii() or "not" in str(note)
        assert "电话" not in str(note)


def test_what_is_on_record_is_a_duplicate_and_checked_again_when_applied(
    upload: Send, work: Work, clerk: Any, at: dt.datetime
) -> None:
    Person.objects.create(name="孙某", phone="13800001001")
    assert work(upload(GOOD), "check").duplicate == 1
    batch = work(upload(MENDED, ("赵一", "13800001009", None, None)), "check")
    assert batch.good == 2
    Person.objects.create(name="钱某", phone="13800001009")
    services.apply(batch, good_only=False, actor=clerk, at=at)
    batch = work(batch, "apply")
    assert (batch.state, people()) == (State.CHECKED, [])
    assert batch.troubles == ["第3行现在不能导入了：这个手机已经登记在钱某名下。这次一行也没有导入。"]
    assert (batch.wrong, batch.mended) == (1, 1)
    assert queries.preview(batch, "wrong")[0][0].number == 3
    services.apply(batch, good_only=True, actor=clerk, at=at)
    assert (work(batch, "apply").state, people()) == (State.APPLIED, ["林某"])


def test_bad_rows_stop_an_import_unless_it_is_said(upload: Send, work: Work, clerk: Any, at: dt.datetime) -> None:
    batch = work(upload(GOOD, WRONG), "check")
    with pytest.raises(BadInput, match="还有行不能导入"):
        services.apply(batch, good_only=False, actor=clerk, at=at)
    only_bad = work(upload(WRONG), "check")
    with pytest.raises(BadInput, match="没有可以导入"):
        services.apply(only_bad, good_only=True, actor=clerk, at=at)
    assert jobs() == ["papers.check", "papers.check"]
    assert {b.state for b in ImportBatch.objects.all()} == {State.CHECKED}


def test_an_unreadable_sheet_says_why(upload: Send, work: Work) -> None:
    batch = work(upload(file=book_of([["甲", "乙"], [1, 2]])), "check")
    assert (batch.state, ImportRow.objects.count(), ImportFile.objects.count()) == (State.UNREADABLE, 0, 0)
    assert "没有找到表头" in batch.troubles[0]


def test_a_harmful_file_is_refused_at_the_door(upload: Send) -> None:
    import io

    with pytest.raises(Unreadable):
        upload(file=io.BytesIO(b"%PDF-1.7"))
    assert (ImportBatch.objects.count(), jobs()) == (0, [])


def test_the_same_file_is_taken_once(upload: Send, work: Work, clerk: Any, at: dt.datetime) -> None:
    file = book_of([HEAD, GOOD])
    first = upload(file=file)
    assert upload(file=file) == first
    batch = work(first, "check")
    assert upload(file=file) == first
    services.apply(batch, good_only=False, actor=clerk, at=at)
    work(batch, "apply")
    with pytest.raises(BadInput, match="已经导入过"):
        upload(file=file)
    assert upload(file=file, again=True) != first
    assert ImportBatch.objects.count() == 2


def test_only_those_who_may_import_and_only_their_own(upload: Send, work: Work, street: Any, at: dt.datetime) -> None:
    resident = street.actor(street.resident)
    with pytest.raises(NotPermitted):
        upload(GOOD, actor=resident)
    assert ImportBatch.objects.count() == 0
    batch = work(upload(GOOD), "check")
    for verb in (
        lambda: queries.batch(resident, batch.pk),
        lambda: services.apply(batch, good_only=False, actor=resident, at=at),
        lambda: services.undo(batch, reason="没有理由", actor=resident, at=at),
        lambda: services.discard(batch, actor=resident, at=at),
        lambda: services.stop(batch, actor=resident),
    ):
        with pytest.raises(NotFound):
            verb()
    batch.refresh_from_db()
    assert (batch.state, batch.version, ImportRow.objects.count()) == (State.CHECKED, 2, 1)


def test_a_right_lost_between_preview_and_job_stops_the_import(
    upload: Send, work: Work, street: Any, clerk: Any, at: dt.datetime
) -> None:
    batch = work(upload(GOOD), "check")
    services.apply(batch, good_only=False, actor=clerk, at=at)
    Posting.objects.filter(person=street.clerk).delete()
    batch = work(batch, "apply", actor=street.actor(street.clerk))
    assert (batch.state, people()) == (State.CHECKED, [])
    assert "没有导入这类表格的权限" in batch.troubles[0]


@pytest.mark.parametrize(("verb", "state"), every_forbidden(WALK, State.values))
def test_every_forbidden_step_is_refused(upload: Send, clerk: Any, at: dt.datetime, verb: str, state: str) -> None:
    from lianxi.commons.permissions import system

    batch = upload(GOOD)
    ImportBatch.objects.filter(pk=batch.pk).update(state=state)
    actor = clerk if verb in ("apply", "undo", "discard") else system("papers.work")
    with pytest.raises(NotOpenFromHere):
        WALK.take(verb, batch, actor=actor, at=at)
    batch.refresh_from_db()
    assert (batch.state, batch.version, ImportEvent.objects.count()) == (state, 1, 1)


def test_two_who_press_at_once(upload: Send, work: Work, clerk: Any, at: dt.datetime) -> None:
    batch = work(upload(GOOD), "check")
    seen = batch.version
    services.discard(batch, seen=seen, actor=clerk, at=at)
    with pytest.raises(ChangedMeanwhile):
        services.apply(batch, good_only=False, seen=seen, actor=clerk, at=at)
    assert ImportRow.objects.count() == 0


def test_what_has_been_built_on_stands_in_the_way_of_undoing(
    upload: Send, work: Work, street: Any, clerk: Any, at: dt.datetime
) -> None:
    batch = work(upload(GOOD, MENDED), "check")
    services.apply(batch, good_only=False, actor=clerk, at=at)
    work(batch, "apply")
    liu = Person.objects.get(name="刘砚")
    post = Posting.objects.create(person=liu, unit=street.top, role="clerk", since=dt.date(2026, 1, 1))
    services.undo(batch, reason="传错了", actor=clerk, at=at)
    batch = work(batch, "undo")
    assert (batch.state, people()) == (State.APPLIED, ["刘砚", "林某"])
    assert "1条已经用到了" in batch.troubles[0]
    assert "第2行" in batch.troubles[0]
    post.delete()
    services.undo(batch, reason="传错了", actor=clerk, at=at)
    assert (work(batch, "undo").state, people()) == (State.UNDONE, [])


def test_undoing_wants_a_reason(upload: Send, work: Work, clerk: Any, at: dt.datetime) -> None:
    batch = work(upload(GOOD), "check")
    services.apply(batch, good_only=False, actor=clerk, at=at)
    batch = work(batch, "apply")
    with pytest.raises(BadInput):
        services.undo(batch, reason=" ", actor=clerk, at=at)
    batch.refresh_from_db()
    assert batch.state == State.APPLIED


class _Stopping:
    """A meter at whose second tick somebody has asked to stop."""

    def __init__(self) -> None:
        self.ticks = 0

    def tick(self, done: int, total: int) -> None:
        self.ticks += 1
        if self.ticks >= 2:
            raise jobs_work.Stopped


@pytest.mark.parametrize(
    ("which", "before", "after"),
    [
        ("check", State.WAITING, State.DISCARDED),
        ("apply", State.APPLYING, State.CHECKED),
        ("undo", State.UNDOING, State.APPLIED),
    ],
)
def test_a_job_that_is_stopped_leaves_everything_as_it_was(
    upload: Send,
    work: Work,
    clerk: Any,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    which: str,
    before: str,
    after: str,
) -> None:
    monkeypatch.setattr(jobs_work, "CHUNK", 2)
    monkeypatch.setattr(jobs_work._chunks, "__defaults__", (2,))
    batch = upload(GOOD, MENDED, ("赵一", None, None, None), ("陆秋", None, None, None))
    if which != "check":
        work(batch, "check")
        services.apply(batch, good_only=False, actor=clerk, at=at)
    if which == "undo":
        work(batch, "apply")
        services.undo(batch, reason="传错了", actor=clerk, at=at)
    was = people()
    batch.refresh_from_db()
    assert batch.state == before
    batch = work(batch, which, meter=_Stopping())
    assert (batch.state, people()) == (after, was)
    assert batch.troubles == ["按您的要求停下了，没有改动任何记录。"]
    if which == "check":
        assert ImportRow.objects.count() == 0


def test_stop_is_asked_for_only_while_a_job_is_at_work(upload: Send, work: Work, clerk: Any) -> None:
    batch = upload(GOOD)
    services.stop(batch, actor=clerk)
    assert ImportProgress.objects.get(batch=batch).stop
    work(batch, "check")
    with pytest.raises(NotOpenFromHere):
        services.stop(batch, actor=clerk)


def test_discarding_throws_the_rows_away(upload: Send, work: Work, clerk: Any, at: dt.datetime) -> None:
    batch = work(upload(GOOD), "check")
    services.discard(batch, actor=clerk, at=at)
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count()) == (State.DISCARDED, 0)


def test_after_the_last_attempt_the_import_can_be_tried_again(
    upload: Send, work: Work, clerk: Any, at: dt.datetime
) -> None:
    batch = work(upload(GOOD), "check")
    services.apply(batch, good_only=False, actor=clerk, at=at)
    services.give_up(batch.pk, at=at)
    batch.refresh_from_db()
    assert batch.state == State.CHECKED
    assert "系统的问题" in batch.troubles[0]


def test_imports_left_lying_are_forgotten(upload: Send, work: Work, at: dt.datetime) -> None:
    batch = work(upload(GOOD), "check")
    assert services.forget_old(at=at + dt.timedelta(days=29)) == 0
    assert services.forget_old(at=at + dt.timedelta(days=31)) == 1
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count()) == (State.DISCARDED, 0)


def test_verdicts_and_counts_agree(upload: Send, work: Work) -> None:
    batch = work(upload(GOOD, MENDED, WRONG), "check")
    for verdict, count in queries.counts(batch).items():
        assert ImportRow.objects.filter(batch=batch, verdict=verdict).count() == count
    assert set(queries.counts(batch)) == set(Verdict.values)


@pytest.mark.parametrize("table", ["papers_importevent", "papers_export"])
def test_what_happened_is_never_changed(upload: Send, clerk: Any, at: dt.datetime, table: str) -> None:
    upload(GOOD)
    services.export([], [], name="空", format="csv", actor=clerk, at=at)
    for sql in (f"UPDATE {table} SET by_name = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert ImportEvent.objects.exclude(by_name="x").count() == 1
