"""One voice through the house, and every step it must not take."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxi.commons.accounts.models import Person
from lianxi.commons.permissions import ANYBODY
from lianxi.commons.permissions.models import Posting
from lianxi.commons.refusals import BadInput, Blocked, ChangedMeanwhile, NotFound, NotOpenFromHere, NotPermitted
from lianxi.commons.units.models import Unit
from lianxi.commons.workflow.walk import every_forbidden
from lianxi.participation.voices import policies, queries, services
from lianxi.participation.voices.models import CoHandler, Extension, Party, Voice, VoiceEvent
from lianxi.participation.voices.terms import State
from lianxi.participation.voices.workflow import WALK

Walked = Callable[..., Voice]


def frozen(voice: Voice) -> Any:
    """Everything a step could have changed."""
    row = Voice._base_manager.filter(pk=voice.pk).values().get()
    return row, VoiceEvent._base_manager.filter(voice=voice.pk).count(), ProcrastinateJob.objects.count()


def test_the_whole_walk_to_a_good_rating(
    street: SimpleNamespace, walked: Walked, at: dt.datetime, show_receipt: Any
) -> None:
    voice = walked("answered")
    assert voice.state == State.ANSWERED
    voice = services.rate(voice, solved="yes", satisfied="yes", actor=show_receipt(voice), at=at)
    assert (voice.state, voice.solved_resident, voice.satisfied, voice.due_at) == (State.CLOSED, "yes", "yes", None)
    events = list(WALK.events(voice))
    assert [e.number for e in events] == list(range(1, len(events) + 1))
    assert [e.verb for e in events] == [
        "raise",
        "accept",
        "dispatch",
        "take",
        "contact",
        "draft",
        "submit",
        "answer",
        "rate_well",
    ]
    assert ProcrastinateJob.objects.filter(task_name="voices.tell").count() == len(events)


def test_unsatisfied_leads_to_second_handling_with_the_head_then_to_an_end(
    street: SimpleNamespace, walked: Walked, at: dt.datetime, show_receipt: Any
) -> None:
    s = street
    voice = walked("unsatisfied")
    before = frozen(voice)
    with pytest.raises(Blocked):
        services.second_handling(voice, head="", actor=s.actor(s.director), at=at)
    assert frozen(voice) == before
    voice = services.second_handling(voice, head="沈既白", actor=s.actor(s.director), at=at)
    assert (voice.state, voice.round, voice.due_clock) == (State.SECOND_HANDLING, 2, "second")
    voice = services.ask_resident(voice, question="是哪一盏？", actor=s.actor(s.handler), at=at)
    assert voice.due_at is None
    voice = services.resident_answers(voice, text="第二盏。", actor=show_receipt(voice), at=at)
    assert voice.state == State.SECOND_HANDLING
    voice = services.draft_answer(
        voice,
        facts="又查了一遍。",
        result="support",
        opinion="换了灯头。",
        basis="第三十二条",
        actor=s.actor(s.handler),
        at=at,
    )
    voice = services.submit_answer(voice, actor=s.actor(s.handler), at=at)
    voice = services.answer(voice, actor=s.actor(s.director), at=at)
    voice = services.rate(voice, solved="no", satisfied="no", actor=show_receipt(voice), at=at)
    assert (voice.state, voice.satisfied) == (State.CLOSED, "no")
    voice = services.reopen(voice, reason="有新情况", actor=s.actor(s.supervisor), at=at)
    assert (voice.state, voice.round, voice.satisfied) == (State.REOPENED, 1, "")
    assert services.dispatch(voice, to=s.works, actor=s.actor(s.dispatcher), at=at).owner_id == s.works.pk


def allowed_actor(s: SimpleNamespace, verb: str) -> Any:
    who = {
        "may.ACCEPT": s.dispatcher,
        "may.DISPATCH": s.dispatcher,
        "may.RECALL": s.dispatcher,
        "may.HANDLE": s.handler,
        "may.LEAD": s.director,
        "may.REVIEW": s.director,
        "may.EXTEND": s.director,
        "may.CALL_BACK": s.supervisor,
        "may.SUPERVISE": s.supervisor,
        "may.CLOSE": s.supervisor,
        "may.NAME_ACCUSED": s.dispatcher,
    }
    names = {
        "voices.accept": "may.ACCEPT",
        "voices.dispatch": "may.DISPATCH",
        "voices.recall": "may.RECALL",
        "voices.handle": "may.HANDLE",
        "voices.lead": "may.LEAD",
        "voices.review": "may.REVIEW",
        "voices.extend": "may.EXTEND",
        "voices.call_back": "may.CALL_BACK",
        "voices.supervise": "may.SUPERVISE",
        "voices.close": "may.CLOSE",
        "voices.name_accused": "may.NAME_ACCUSED",
        "voices.settle": "may.ACCEPT",
    }
    name = WALK.by_verb[verb].may.name
    return s.actor(who[names[name]]) if name in names else None


@pytest.mark.parametrize(("verb", "state"), every_forbidden(WALK, list(State)))
def test_every_forbidden_step_is_refused_and_changes_nothing(
    verb: str, state: str, street: SimpleNamespace, walked: Walked, at: dt.datetime, show_receipt: Any
) -> None:
    voice = walked("dispatched")
    Voice._base_manager.filter(pk=voice.pk).update(state=state, owner=street.wanghuai_committee)
    voice.refresh_from_db()
    actor = allowed_actor(street, verb) or show_receipt(voice)
    before = frozen(voice)
    with pytest.raises(NotOpenFromHere):
        WALK.take(verb, voice, actor=actor, at=at)
    assert frozen(voice) == before


@pytest.mark.parametrize("verb", sorted(WALK.by_verb))
@pytest.mark.parametrize("who", ["other_handler", "outsider", "clerk", "nobody"])
def test_who_may_not_take_a_step_meets_nothing_or_a_refusal(
    verb: str, who: str, street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    voice = walked("in_hand")
    Voice._base_manager.filter(pk=voice.pk).update(state=WALK.by_verb[verb].source[0])
    voice.refresh_from_db()
    before = frozen(voice)
    actor = ANYBODY if who == "nobody" else street.actor(getattr(street, who))
    with pytest.raises((NotFound, NotPermitted)):
        WALK.take(verb, voice, actor=actor, at=at)
    assert frozen(voice) == before


def test_a_handler_may_not_do_what_is_the_dispatchers_and_is_told_whose_it_is(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    voice = walked("dispatched")
    voice = services.object_to_dispatch(voice, reason="不归我们管", actor=street.actor(street.handler), at=at)
    with pytest.raises(NotPermitted) as refused:
        services.dispatch(voice, to=street.works, actor=street.actor(street.handler), at=at)
    assert "您受理派单这一片区" in refused.value.facts["open_to"]


def test_the_second_of_two_learns_what_changed(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    voice = walked("in_hand")
    seen = voice.version
    services.progress(voice, words="去看过了", actor=street.actor(street.handler), at=at, seen=seen)
    before = frozen(voice)
    with pytest.raises(ChangedMeanwhile) as late:
        services.progress(voice, words="我也去了", actor=street.actor(street.director), at=at, seen=seen)
    assert [event.verb for event in late.value.since] == ["progress"]
    assert frozen(voice) == before


def test_objection_only_within_its_working_days(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    voice = walked("dispatched")
    before = frozen(voice)
    with pytest.raises(Blocked) as late:
        services.object_to_dispatch(
            voice, reason="不归我们管", actor=street.actor(street.handler), at=at + dt.timedelta(days=8)
        )
    assert late.value.missing[0].rule.id == "X-07"
    assert frozen(voice) == before
    voice = services.object_to_dispatch(
        voice, reason="不归我们管", actor=street.actor(street.handler), at=at + dt.timedelta(days=6, hours=1)
    )
    assert voice.state == State.OBJECTED
    assert (
        services.overrule(voice, reason="归您管", actor=street.actor(street.dispatcher), at=at).state
        == State.DISPATCHED
    )


def test_an_answer_wants_three_parts_a_contact_and_a_second_person(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    s = street
    voice = walked("in_hand")
    voice = services.draft_answer(
        voice, facts="断线一处。", result="", opinion="", basis="", actor=s.actor(s.handler), at=at
    )
    with pytest.raises(Blocked) as refused:
        services.submit_answer(voice, actor=s.actor(s.handler), at=at)
    assert {check.rule.id for check in refused.value.missing} == {"X-10", "S-01"}
    voice = services.contact(voice, how="visit", words="上门看了", actor=s.actor(s.director), at=at)
    voice = services.draft_answer(
        voice,
        facts="断线一处。",
        result="support",
        opinion="修好了",
        basis="第三十二条",
        actor=s.actor(s.director),
        at=at,
    )
    voice = services.submit_answer(voice, actor=s.actor(s.handler), at=at)
    before = frozen(voice)
    with pytest.raises(Blocked) as same:
        services.answer(voice, actor=s.actor(s.director), at=at)
    assert [check.rule.id for check in same.value.missing] == ["S-09"]
    assert frozen(voice) == before


def test_extension_moves_the_deadline_only_when_somebody_else_grants_it(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    s = street
    voice = walked("contacted")
    due = voice.due_at
    with pytest.raises(BadInput):
        services.ask_extension(voice, days=31, reason="太难", actor=s.actor(s.director), at=at)
    voice = services.ask_extension(voice, days=3, reason="要等配件", actor=s.actor(s.director), at=at)
    assert voice.due_at == due
    with pytest.raises(NotPermitted):
        services.grant_extension(voice, actor=s.actor(s.director), at=at)
    with pytest.raises(Blocked):
        services.ask_extension(voice, days=3, reason="再要三天", actor=s.actor(s.handler), at=at)
    voice = services.grant_extension(voice, actor=s.actor(s.supervisor), at=at)
    assert due is not None
    assert voice.due_at is not None
    assert voice.due_at > due
    with pytest.raises(Blocked):
        services.grant_extension(voice, actor=s.actor(s.supervisor), at=at)


def test_events_are_only_appended(street: SimpleNamespace, walked: Walked) -> None:
    voice = walked("accepted")
    for act in (
        lambda: VoiceEvent._base_manager.filter(voice=voice.pk).update(reason="改了"),
        lambda: VoiceEvent._base_manager.filter(voice=voice.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE voices_voiceevent")


def test_a_step_that_is_rolled_back_leaves_no_job(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    voice = walked("received")
    before = frozen(voice)

    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        services.accept(voice, actor=street.actor(street.dispatcher), at=at)
        raise Undo
    assert frozen(voice) == before


def test_declining_wants_a_lawful_exit_and_words(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    voice = walked("received")
    before = frozen(voice)
    with pytest.raises(Blocked):
        services.decline(voice, exit="tired", reason="不想办", actor=street.actor(street.dispatcher), at=at)
    with pytest.raises(BadInput):
        services.decline(voice, exit="outside", reason="", actor=street.actor(street.dispatcher), at=at)
    assert frozen(voice) == before
    voice = services.decline(
        voice,
        exit="other_procedure",
        reason="这件事归法院管，请去区法院立案窗口。",
        actor=street.actor(street.dispatcher),
        at=at,
    )
    assert (voice.state, voice.due_at) == (State.DECLINED, None)


def test_an_unrated_answer_closes_after_its_time_and_not_before(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    from lianxi.commons.permissions import system

    voice = walked("answered")
    before = frozen(voice)
    with pytest.raises(Blocked):
        services.close_unrated(voice, actor=system("voices.clock"), at=at + dt.timedelta(days=6))
    assert frozen(voice) == before
    voice = services.close_unrated(voice, actor=system("voices.clock"), at=at + dt.timedelta(days=10))
    assert (voice.state, voice.satisfied, voice.solved_resident) == (State.CLOSED, "", "")


def test_discipline_is_neither_taken_in_nor_kept(
    street: SimpleNamespace, walked: Walked, at: dt.datetime, lot: random.Random
) -> None:
    from lianxi.participation.voices.models import VoiceHistory

    with pytest.raises(services.DisciplineDoor):
        services.raise_voice(
            services.Said(text="有人收了钱不办事。", kind="discipline", place=street.wanghuai),
            actor=ANYBODY,
            at=at,
            lot=lot,
        )
    assert not Voice._base_manager.exists()
    voice = walked("received", text="有人收了钱不办事CANARY。", contact_name="金丝雀")
    services.discipline_door(voice, actor=street.actor(street.dispatcher), at=at)
    row = Voice._base_manager.get(pk=voice.pk)
    assert "CANARY" not in row.text + row.title
    assert not row.contact_name
    assert not row.phone
    for old in VoiceHistory._base_manager.filter(pgh_obj=voice.pk):
        assert "CANARY" not in old.text + old.title
        assert not old.contact_name
    assert not any("CANARY" in str(e.facts) + e.reason for e in WALK.events(voice))


def test_who_stands_aside_does_not_meet_it_again(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    s = street
    voice = walked("in_hand")
    voice = services.stand_aside(voice, reason="与供应商有亲属关系", actor=s.actor(s.handler), at=at)
    assert voice.handler_id is None
    with pytest.raises(NotFound):
        services.progress(voice, words="我还想办", actor=s.actor(s.handler), at=at)
    with pytest.raises(Blocked):
        services.assign(voice, handler=s.handler, actor=s.actor(s.director), at=at)
    assert Party._base_manager.filter(voice=voice.pk, person=s.handler, part="interested").count() == 1


def test_only_who_holds_a_post_in_the_owner_on_that_day_handles_it(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    s = street
    voice = walked("dispatched")
    before = frozen(voice)
    Posting.objects.create(
        person=s.outsider, unit=s.wanghuai_committee, role="handler", since=at.date() - dt.timedelta(days=9),
        until=at.date() - dt.timedelta(days=1),
    )  # fmt: skip
    for who in (s.other_handler, s.works_handler, s.outsider, s.resident, s.secretary):
        with pytest.raises(Blocked) as refused:
            services.take_in_hand(voice, handler=who, actor=s.actor(s.handler), at=at)
        assert [check.found for check in refused.value.missing] == [f"{who}不在望槐社区居委会任职"]
        assert frozen(voice) == before
    voice = services.take_in_hand(voice, handler=s.director, actor=s.actor(s.handler), at=at)
    before = frozen(voice)
    with pytest.raises(Blocked):
        services.assign(voice, handler=s.other_handler, actor=s.actor(s.supervisor), at=at)
    assert frozen(voice) == before
    assert services.assign(voice, handler=s.handler, actor=s.actor(s.director), at=at).handler == s.handler


def test_a_voice_stays_in_its_street(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    s = street
    other = Unit.objects.create(name="别的街道党工委", kind="street", parent=s.district)
    beyond = Unit.objects.create(name="别的街道维修组", kind="office", parent=other)
    gone = Unit.objects.create(name="撤销了的科室", kind="office", parent=s.top, until=at.date() - dt.timedelta(days=1))
    voice = walked("accepted")
    before = frozen(voice)
    for unit in (other, beyond, s.district, gone):
        unit.refresh_from_db()
        with pytest.raises(Blocked) as refused:
            services.dispatch(voice, to=unit, actor=s.actor(s.dispatcher), at=at)
        assert [check.found for check in refused.value.missing] == [f"{unit}不在这个街道，或已撤销"]
        assert frozen(voice) == before
    voice = services.take_in_hand(
        services.dispatch(voice, to=s.works, actor=s.actor(s.dispatcher), at=at),
        handler=s.works_handler, actor=s.actor(s.works_handler), at=at,
    )  # fmt: skip
    before = frozen(voice)
    for unit in (beyond, s.district, gone):
        with pytest.raises(Blocked):
            services.add_co_handler(voice, unit=unit, actor=s.actor(s.works_head), at=at)
        assert (frozen(voice), CoHandler._base_manager.count()) == (before, 0)
    services.add_co_handler(voice, unit=s.tingsong_committee, actor=s.actor(s.works_head), at=at)
    assert CoHandler._base_manager.count() == 1


def test_what_is_said_against_the_street_may_go_to_the_district(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    s = street
    bureau = Unit.objects.create(name="砚湖区信访局", kind="office", parent=s.district)
    bureau.refresh_from_db()
    above = Person.objects.create(name="顾闻笛")
    Posting.objects.create(person=above, unit=s.district, role="dispatcher", since=dt.date(2025, 1, 1))
    voice = services.accept(walked("received", accused_units=[s.top]), actor=s.actor(above), at=at)
    assert services.dispatch(voice, to=bureau, actor=s.actor(above), at=at).owner == bureau


def test_a_past_head_is_no_longer_the_unit_complained_about(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    s = street
    Posting.objects.filter(person=s.works_head).update(until=at.date() - dt.timedelta(days=1))
    voice = walked("accepted", accused_persons=[s.works_head])
    assert services.dispatch(voice, to=s.works, actor=s.actor(s.dispatcher), at=at).owner == s.works


def test_a_helping_unit_that_is_complained_about_helps_no_more(
    street: SimpleNamespace, walked: Walked, at: dt.datetime
) -> None:
    s = street
    voice = walked("in_hand")
    for unit in (s.works, s.safety):
        services.add_co_handler(voice, unit=unit, actor=s.actor(s.director), at=at)
    services.name_accused(voice, person=s.works_head, actor=s.actor(s.dispatcher), at=at)
    rows = CoHandler._base_manager.filter(voice=voice.pk)
    assert {row.unit_id: row.until for row in rows} == {s.works.pk: at, s.safety.pk: None}
    last = VoiceEvent._base_manager.filter(voice=voice.pk).latest("number")
    assert (last.verb, last.facts["helps_no_more"]) == ("name_accused", [s.works.pk])


def test_no_reason_keeps_what_cannot_be_seen(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    s = street
    dirty, clean = " 请快一点\u202e\u0007\r\n谢谢\u200b ", "请快一点\n谢谢"
    voice = walked("accepted")
    voice = services.dispatch(voice, to=s.wanghuai_committee, reason=dirty, actor=s.actor(s.dispatcher), at=at)
    voice = services.take_in_hand(voice, handler=s.handler, actor=s.actor(s.handler), at=at)
    voice = services.urge(voice, reason=dirty, actor=s.actor(s.supervisor), at=at)
    voice = services.assign(voice, handler=s.director, reason=dirty, actor=s.actor(s.director), at=at)
    for decide in (services.grant_extension, services.refuse_extension):
        voice = services.ask_extension(voice, days=3, reason=dirty, actor=s.actor(s.handler), at=at)
        voice = decide(voice, decision=dirty, actor=s.actor(s.director), at=at)
    reasons = VoiceEvent._base_manager.filter(voice=voice.pk).exclude(reason="").values_list("reason", flat=True)
    assert [*reasons] == [clean] * 7
    assert {one.decision for one in Extension._base_manager.all()} == {clean}


def test_a_list_shows_only_what_its_records_open(street: SimpleNamespace, walked: Walked, at: dt.datetime) -> None:
    s = street
    mine, _ = services.raise_voice(
        services.Said(text="听松社区的路灯也坏了。", place=s.tingsong, naming="named", phone="13900000417"),
        actor=replace(s.actor(s.handler), as_resident=True), at=at, lot=random.Random(5),
    )  # fmt: skip
    walked("in_hand")
    actor = s.actor(s.handler)
    assert policies.VIEW.may(actor, mine)
    rows = queries.listed(queries.Asked(view="all"), actor=actor, at=at).rows
    assert [row.owner_id for row in rows] == [s.wanghuai_committee.pk]
    assert queries.tabs(actor=actor, at=at)[0].count == 1
    assert all(policies.HISTORY.may(actor, row) for row in rows)
