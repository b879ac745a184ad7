"""The walk of a voice: its guards, and its rows."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxi.commons.permissions.models import Posting
from lianxi.commons.permissions.terms import Role
from lianxi.commons.refusals import BadInput
from lianxi.commons.rulebook import Check, applies, rule
from lianxi.commons.units.models import Unit
from lianxi.commons.units.terms import UnitKind
from lianxi.commons.views.due import moment
from lianxi.commons.workflow import Fork, Row, Walk, tell

from . import clock
from . import policies as may
from .models import Answer, CoHandler, Extension, Party, Voice, VoiceEvent
from .terms import IN_WORK, OPEN, ClockKind, Exit, Part
from .terms import State as S

KEEPERS = (UnitKind.STREET, UnitKind.DISTRICT)


def _on(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


HANDLES = (Role.HANDLER, Role.DIRECTOR, Role.SECRETARY, Role.DEPUTY)
"""Who may handle a voice: handlers in the owner or below it, and who leads the owner itself."""


def accused_units(voice: Voice, on: dt.date) -> list[Unit]:
    """The units complained about, and the units that an accused person heads on that day."""
    parties = Party._base_manager.filter(voice=voice.pk, part=Part.ACCUSED)
    headed = Posting.objects.held(on).filter(head=True, person__in=parties.exclude(person=None).values("person"))
    return list(
        Unit.objects.filter(pk__in=parties.exclude(unit=None).values("unit"))
        | Unit.objects.filter(pk__in=headed.values("unit"))
    )


def area_of(voice: Voice, on: dt.date) -> str:
    """The path within which the voice may be given: the street of its place, or the next above that is not complained
    about; empty where everybody above is.
    """
    try:
        return str(keeper_of(voice.place, accused_units(voice, on) if voice.accused_any else []).path)
    except BadInput:
        return ""


def may_handle(owner: Unit, on: dt.date) -> QuerySet[Posting]:
    """The posts whose holders may handle what the unit owns."""
    held: QuerySet[Posting] = Posting.objects.held(on).filter(unit__path__startswith=owner.path, role__in=HANDLES)
    return held.filter(Q(role=Role.HANDLER) | Q(unit=owner))


def keeper_of(place: Unit, accused: Sequence[Unit]) -> Unit:
    """Who owns a voice that is with no handling unit: the street of the place, or the next above that is not complained about.

    Raises BadInput where everybody above is complained about.
    """
    keys = [int(key) for key in place.path.split(".") if key]
    above = sorted(Unit.objects.filter(pk__in=keys, kind__in=KEEPERS), key=lambda unit: unit.path, reverse=True)
    for unit in above:
        if not any(unit.path.startswith(one.path) for one in accused):
            return unit
    raise BadInput({"accused": _("反映的是本级领导机关，请直接向上一级反映（信访工作条例第三十条）。")})


def is_accused(voice: Voice, unit: Unit, on: dt.date) -> bool:
    """Whether the unit is complained about, lies below such a unit, or is headed by an accused person on that day."""
    return any(unit.path.startswith(one.path) for one in accused_units(voice, on))


@applies("X-14", where=_("派单和协办"))
def not_to_the_accused(voice: Voice, at: dt.datetime) -> Check:
    accused = voice.accused_any and is_accused(voice, voice.owner, _on(at))
    return Check(
        rule("X-14", on=_on(at)),
        _("主办单位不是被反映方"),
        _("是被反映方，或由被反映人负责") if accused else _("不是"),
        not accused,
        label=_("不交给被反映方"),
    )


def co_handlers_not_accused(voice: Voice, at: dt.datetime) -> Check:
    units = [row.unit for row in CoHandler._base_manager.filter(voice=voice.pk, until=None).select_related("unit")]
    accused = voice.accused_any and any(is_accused(voice, unit, _on(at)) for unit in units)
    return Check(
        rule("X-14", on=_on(at)),
        _("协办单位不是被反映方"),
        _("有被反映方") if accused else _("没有"),
        not accused,
        label=_("不交给被反映方"),
    )


@applies("X-14", where=_("派单、不予受理"))
def accused_known(voice: Voice, at: dt.datetime) -> Check:
    return Check(
        rule("X-14", on=_on(at)),
        _("已经登记被反映的是谁，或写明不涉及工作人员"),
        _("居民写的人还没有对上") if voice.accused_open else _("清楚"),
        not voice.accused_open,
        label=_("反映的是谁"),
    )


@applies("X-14", where=_("写明不涉及工作人员"))
def accused_unknown(voice: Voice, at: dt.datetime) -> Check:
    return Check(
        rule("X-14", on=_on(at)),
        _("居民写的人还没有对上"),
        _("还没有对上") if voice.accused_open else _("已经清楚"),
        voice.accused_open,
        label=_("反映的是谁"),
    )


@applies("X-08", where=_("定承办人、送审答复"))
def handler_has_no_interest(voice: Voice, at: dt.datetime) -> Check:
    aside = (
        voice.handler_id is not None and Party._base_manager.filter(voice=voice.pk, person=voice.handler_id).exists()
    )
    return Check(
        rule("X-08", on=_on(at)),
        _("承办人与事情没有直接利害关系"),
        _("有，须回避") if aside else _("没有查到"),
        not aside,
        label=_("承办人没有利害关系"),
    )


@applies("S-12", where=_("签收和换承办人"))
def handler_named(voice: Voice, at: dt.datetime) -> Check:
    return Check(
        rule("S-12", on=_on(at)),
        _("有一位承办人"),
        str(voice.handler) if voice.handler_id else _("还没有定"),
        voice.handler_id is not None,
        label=_("承办人"),
    )


@applies("S-12", where=_("签收和换承办人"))
def handler_holds_a_post(voice: Voice, at: dt.datetime) -> Check:
    day = _on(at)
    there = voice.handler_id is None or may_handle(voice.owner, day).filter(person=voice.handler_id).exists()
    return Check(
        rule("S-12", on=day),
        _("承办人当天在主办单位任职"),
        _("没有定")
        if voice.handler_id is None
        else _("%(who)s在%(unit)s任职") % {"who": voice.handler, "unit": voice.owner}
        if there
        else _("%(who)s不在%(unit)s任职") % {"who": voice.handler, "unit": voice.owner},
        there,
        label=_("承办人的职务"),
    )


def _lies_in(voice: Voice, units: Sequence[Unit], at: dt.datetime) -> str:
    """The first unit that may not get the voice where it lies, or because it no longer stands; empty if there is none."""
    area, day = area_of(voice, _on(at)), _on(at)
    return next((str(one) for one in units if not (area and one.path.startswith(area) and one.stands(day))), "")


@applies("X-06", where=_("派单"))
def owner_in_the_street(voice: Voice, at: dt.datetime) -> Check:
    outside = _lies_in(voice, [voice.owner], at)
    return Check(
        rule("X-06", on=_on(at)),
        _("主办单位在这件事所在的街道里，没有撤销"),
        _("%(unit)s不在这个街道，或已撤销") % {"unit": outside} if outside else _("在这个街道"),
        not outside,
        label=_("主办单位在本街道"),
    )


@applies("X-06", where=_("加协办单位"))
def co_handlers_in_the_street(voice: Voice, at: dt.datetime) -> Check:
    rows = CoHandler._base_manager.filter(voice=voice.pk, until=None).select_related("unit")
    outside = _lies_in(voice, [row.unit for row in rows], at)
    return Check(
        rule("X-06", on=_on(at)),
        _("协办单位在这件事所在的街道里，没有撤销"),
        _("%(unit)s不在这个街道，或已撤销") % {"unit": outside} if outside else _("都在这个街道"),
        not outside,
        label=_("协办单位在本街道"),
    )


@applies("S-11", where=_("不予受理"))
def exit_is_lawful(voice: Voice, at: dt.datetime) -> Check:
    return Check(
        rule("S-11", on=_on(at)),
        _("六种情形之一"),
        voice.get_exit_display() or _("没有选"),
        voice.exit in Exit.values,
        label=_("不予受理的情形"),
    )


@applies("X-07", where=_("派单异议"))
def within_objection_time(voice: Voice, at: dt.datetime) -> Check:
    read = clock.reading(voice, list(WALK.events(voice)), ClockKind.OBJECT)
    entry, due = rule("X-07", on=_on(at)), read.due if read else None
    limit = clock.limit_of(voice, ClockKind.OBJECT)
    return Check(
        entry,
        _("派来后%(n)d个工作日内") % {"n": limit.value},
        _("期限到%(due)s") % {"due": moment(due)} if due else _("没有派单"),
        bool(due and timezone.localtime(at) <= due),
        label=_("异议期限"),
    )


@applies("S-01", where=_("送审答复"))
def contacted(voice: Voice, at: dt.datetime) -> Check:
    limit = clock.limit_of(voice, ClockKind.CONTACT)
    unreachable = voice.naming == "anonymous" and not voice.phone and not voice.email and voice.author_id is None
    found = (
        moment(voice.contacted_at)
        if voice.contacted_at
        else _("没有留联系方式，免")
        if unreachable
        else _("还没有联系")
    )
    return Check(
        clock.rule_of(voice, ClockKind.CONTACT),
        _("派单后%(n)d个工作日内先行联系") % {"n": limit.value},
        found,
        voice.contacted_at is not None or unreachable,
        label=_("先行联系"),
    )


def _last_draft(voice: Voice) -> Answer | None:
    """Read once for the guards of a step: `take` locks the voice in an object of its own, so no draft comes in between."""
    known = voice.__dict__
    if "_last_draft" not in known:
        known["_last_draft"] = Answer._base_manager.filter(voice=voice.pk).order_by("number").last()
    found: Answer | None = known["_last_draft"]
    return found


@applies("X-10", where=_("送审和发出答复"))
def answer_complete(voice: Voice, at: dt.datetime) -> Check:
    last = _last_draft(voice)
    parts = {
        gettext("事实"): last and last.facts,
        gettext("意见"): last and last.opinion and last.result,
        gettext("依据"): last and last.basis,
    }
    lacking = [name for name, text in parts.items() if not text]
    found = (
        _("%(n)d项，缺%(lacking)s") % {"n": len(parts) - len(lacking), "lacking": gettext("、").join(lacking)}
        if lacking
        else _("3项都有")
    )
    return Check(rule("X-10", on=_on(at)), _("事实、意见、依据3项"), found, not lacking, label=_("答复三项写全"))


@applies("X-11", where=_("申请和审批延期"))
def no_extension_waits(voice: Voice, at: dt.datetime) -> Check:
    waits = Extension._base_manager.filter(voice=voice.pk, granted=None).exists()
    return Check(
        rule("X-11", on=_on(at)),
        _("没有未批的延期申请"),
        _("有一份等审批") if waits else _("没有"),
        not waits,
        label=_("延期申请"),
    )


def extension_waits(voice: Voice, at: dt.datetime) -> Check:
    waits = Extension._base_manager.filter(voice=voice.pk, granted=None).exists()
    return Check(
        rule("X-11", on=_on(at)),
        _("有一份延期申请等审批"),
        _("有") if waits else _("没有"),
        waits,
        label=_("延期申请"),
    )


@applies("S-09", where=_("发出答复"))
def four_eyes(voice: Voice, at: dt.datetime) -> Check:
    """Set by the service: `voice.reviewer_id` is who is about to approve."""
    last = _last_draft(voice)
    same = last is not None and last.by_id == getattr(voice, "reviewer_id", None) and last.by_id is not None
    return Check(
        rule("S-09", on=_on(at)),
        _("审核人不是起草人"),
        _("是同一个人") if same else _("不是同一个人"),
        not same,
        label=_("两个人把关"),
    )


@applies("S-03", where=_("二次办理"))
def head_takes_part(voice: Voice, at: dt.datetime) -> Check:
    name = getattr(voice, "head_name", "")
    return Check(
        rule("S-03", on=_on(at)),
        _("单位负责人参加二次办理"),
        name or _("没有写"),
        bool(name),
        label=_("负责人参加"),
    )


@applies("S-04", where=_("按期办结"))
def rating_time_over(voice: Voice, at: dt.datetime) -> Check:
    read = clock.reading(voice, list(WALK.events(voice)), ClockKind.RATE)
    due = read.due if read else None
    return Check(
        clock.rule_of(voice, ClockKind.RATE),
        _("评价期限已过"),
        moment(due) if due else _("还没有答复"),
        bool(due and due < timezone.localtime(at)),
        label=_("评价期限"),
    )


AGAIN = Fork("round", ((1, S.IN_HAND), (2, S.SECOND_HANDLING)))
AFTER_BAD = Fork("round", ((1, S.UNSATISFIED), (2, S.CLOSED)))
CAN_RECALL = (S.DISPATCHED, S.OBJECTED, S.IN_HAND, S.AWAITING_RESIDENT, S.IN_REVIEW, S.UNSATISFIED, S.SECOND_HANDLING)

WALK: Walk[Voice] = Walk(
    Voice, VoiceEvent, "voice", view=may.VIEW, derive=clock.derive, tell=tell("voices"), unkept=frozenset({"title", "comment"}),
    rows=(
        #   verb              label              from                         to                     who            what must hold            who is told
        Row("accept",         _("受理"),         (S.RECEIVED,),               S.ACCEPTED,            may.ACCEPT,    (),                       ("author",)),
        Row("decline",        _("不予受理"),     (S.RECEIVED,),               S.DECLINED,            may.ACCEPT,    (exit_is_lawful, accused_known), ("author",)),
        Row("discipline_door", _("转纪检渠道"),  (S.RECEIVED, S.ACCEPTED),    S.DECLINED,            may.ACCEPT,    (),                       ("author",)),
        Row("dispatch",       _("派单"),         (S.ACCEPTED, S.OBJECTED, S.REOPENED), S.DISPATCHED, may.DISPATCH,  (accused_known, owner_in_the_street, not_to_the_accused, co_handlers_not_accused), ("owner", "author")),
        Row("overrule",       _("维持派单"),     (S.OBJECTED,),               S.DISPATCHED,          may.DISPATCH,  (not_to_the_accused,),    ("owner",)),
        Row("recall",         _("收回派单"),     CAN_RECALL,                  S.ACCEPTED,            may.RECALL,    (),                       ("owner",)),
        Row("object",         _("提出异议"),     (S.DISPATCHED,),             S.OBJECTED,            may.HANDLE,    (within_objection_time,), ("dispatcher",)),
        Row("take",           _("签收办理"),     (S.DISPATCHED,),             S.IN_HAND,             may.HANDLE,    (not_to_the_accused, handler_named, handler_holds_a_post, handler_has_no_interest), ("author",)),
        Row("assign",         _("换承办人"),     IN_WORK,                     None,                  may.LEAD,      (handler_named, handler_holds_a_post, handler_has_no_interest), ("handler",)),
        Row("stand_aside",    _("回避"),         (S.DISPATCHED, *IN_WORK),    None,                  may.HANDLE,    (),                       ("head",)),
        Row("contact",        _("记先行联系"),   (S.DISPATCHED, *IN_WORK),    None,                  may.HANDLE,    (),                       ()),
        Row("ask_resident",   _("请居民补充"),   IN_WORK,                     S.AWAITING_RESIDENT,   may.HANDLE,    (),                       ("author",)),
        Row("resident_answers", _("补充"),       (S.AWAITING_RESIDENT,),      AGAIN,                 may.SUPPLEMENT, (),                      ("handler",)),
        Row("supplement",     _("补充情况"),     tuple(s for s in OPEN if s != S.AWAITING_RESIDENT), None, may.SUPPLEMENT, (),              ("handler",)),
        Row("ask_extension",  _("申请延期"),     (S.IN_HAND,),                None,                  may.HANDLE,    (no_extension_waits,),    ("head",)),
        Row("grant_extension", _("批准延期"),    (S.IN_HAND, S.AWAITING_RESIDENT), None,             may.EXTEND,    (extension_waits,),       ("handler", "author")),
        Row("refuse_extension", _("不批延期"),   (S.IN_HAND, S.AWAITING_RESIDENT), None,             may.EXTEND,    (extension_waits,),       ("handler",)),
        Row("progress",       _("记办理情况"),   IN_WORK,                     None,                  may.HANDLE,    (),                       ("author",)),
        Row("draft",          _("写答复"),       IN_WORK,                     None,                  may.HANDLE,    (),                       ()),
        Row("submit",         _("送审答复"),     IN_WORK,                     S.IN_REVIEW,           may.HANDLE,    (answer_complete, contacted, no_extension_waits, handler_has_no_interest), ("head",)),
        Row("send_back",      _("退回修改"),     (S.IN_REVIEW,),              AGAIN,                 may.REVIEW,    (),                       ("handler",)),
        Row("answer",         _("答复"),         (S.IN_REVIEW,),              S.ANSWERED,            may.REVIEW,    (answer_complete, four_eyes), ("author",)),
        Row("call_back",      _("开始回访"),     (S.ANSWERED,),               S.CALL_BACK,           may.CALL_BACK, (),                       ()),
        Row("rate_well",      _("评价"),         (S.ANSWERED, S.CALL_BACK),   S.CLOSED,              may.RATE,      (),                       ("handler",)),
        Row("rate_badly",     _("评价：没解决或不满意"), (S.ANSWERED, S.CALL_BACK), AFTER_BAD,         may.RATE,      (),                       ("head", "dispatcher", "author")),
        Row("call_back_well", _("回访：满意"),   (S.CALL_BACK,),              S.CLOSED,              may.CALL_BACK, (),                       ("author",)),
        Row("call_back_badly", _("回访：没解决或不满意"), (S.CALL_BACK,),     AFTER_BAD,             may.CALL_BACK, (),                       ("head", "author")),
        Row("close_unrated",  _("按期办结"),     (S.ANSWERED, S.CALL_BACK),   S.CLOSED,              may.CLOSE,     (rating_time_over,),      ("author",)),
        Row("second_handling", _("二次办理"),    (S.UNSATISFIED,),            S.SECOND_HANDLING,     may.LEAD,      (not_to_the_accused, head_takes_part), ("handler", "author")),
        Row("reopen",         _("重新打开"),     (S.CLOSED,),                 S.REOPENED,            may.SUPERVISE, (),                       ("author", "dispatcher")),
        Row("urge",           _("催办"),         OPEN,                        None,                  may.SUPERVISE, (),                       ("handler", "head")),
        Row("add_co_handler", _("加协办单位"),   (S.DISPATCHED, *IN_WORK),    None,                  may.LEAD,      (co_handlers_in_the_street, co_handlers_not_accused), ("co_handler",)),
        Row("drop_co_handler", _("去掉协办单位"), (S.DISPATCHED, *IN_WORK),   None,                  may.LEAD,      (),                       ()),
        Row("name_accused",   _("登记被反映方"), OPEN,                        None,                  may.NAME_ACCUSED, (),                    ()),
        Row("no_official",    _("写明不涉及工作人员"), OPEN,                  None,                  may.SETTLE,    (accused_unknown,),       ()),
    ),
)  # fmt: skip
