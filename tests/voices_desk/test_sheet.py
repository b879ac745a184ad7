"""Voices from a spreadsheet: checked, raised, undone; what is wrong is named."""

import datetime as dt
from types import SimpleNamespace

from lianxi.commons.papers.kinds import kind_named
from lianxi.commons.papers.sheets import Row
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Party, Voice, VoiceEvent


def _row(number: int, **values: object) -> Row:
    return Row(number, {"text": f"第{number}行：楼道里堆满杂物，没人管。", "place": "望槐社区党委"} | values)


def test_only_who_receives_may_import(street: SimpleNamespace) -> None:
    kind = kind_named("voices")
    may = {name for name, person in street.people.items() if kind.may_import(street.actor(person))}
    assert may == {"dispatcher"}


def test_what_is_wrong_in_a_row_is_named(street: SimpleNamespace, now: dt.datetime) -> None:
    rows = [
        _row(2),
        _row(3, place="没有的社区"),
        _row(4, accused="没有的单位"),
        _row(5, received=now.date() + dt.timedelta(days=2)),
    ]
    kind_named("voices").check(rows, actor=street.actor(street.dispatcher), at=now)
    assert [[(note.level, note.column) for note in row.notes] for row in rows] == [
        [], [("wrong", "place")], [("info", "accused")], [("wrong", "received")],
    ]  # fmt: skip


def test_rows_are_raised_by_the_same_service_and_end_when_undone(street: SimpleNamespace, now: dt.datetime) -> None:
    kind, actor = kind_named("voices"), street.actor(street.dispatcher)
    rows = [_row(2, phone="13900000417", contact_name="苏青禾", topic="safety"), _row(3, accused="街道市政维修组")]
    made = [
        (row.number, voice) for row, voice in zip(rows, kind.apply(rows, actor=actor, at=now), strict=True) if voice
    ]
    first, second = (Voice._base_manager.get(pk=voice.pk) for _number, voice in made)
    assert (first.channel, first.naming, first.topic, first.state) == ("sheet", "confidential", "safety", "received")
    assert (second.naming, second.accused_any, Party._base_manager.get(voice=second).unit) == (
        "anonymous",
        True,
        street.works,
    )
    assert not list(kind.obstacles(made))
    kind.undo(made, actor=actor, at=now)
    assert set(Voice._base_manager.values_list("state", flat=True)) == {"declined"}
    assert VoiceEvent._base_manager.count() == 4


def test_what_was_taken_up_stands_in_the_way_of_undoing(street: SimpleNamespace, now: dt.datetime) -> None:
    kind, actor = kind_named("voices"), street.actor(street.dispatcher)
    rows = [_row(2), _row(3)]
    made = [
        (row.number, voice) for row, voice in zip(rows, kind.apply(rows, actor=actor, at=now), strict=True) if voice
    ]
    services.accept(made[1][1], actor=actor, at=now)
    assert [facts for _msgid, facts in kind.obstacles(made)] == [{"n": 1, "row": 3}]
