"""The steps as a page offers them: label, form, and the service each calls. Which one is the red button is decided in `offers.py`."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxi.commons.refusals import BadInput, Text

from .. import services
from ..forms import desk as forms
from ..queries import desk as found
from ..queries.desk import Choice

Run = Callable[[Any, dict[str, Any], dict[str, Any]], Any]
Offers = Callable[[Any, dt.date], dict[str, Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class Act:
    """A step that a person may take on a record's page.

    `verbs`: rows of the walk, one of which must be open. `fills`: guards that the form itself satisfies, so that they do
    not stand in the way of offering it. `done`: what is said afterwards; `hint`: a sentence over the form.
    """

    name: str
    verbs: tuple[str, ...]
    label: Text
    icon: str
    run: Run
    form: type[forms.Step] = forms.Sure
    offers: Offers | None = None
    fills: frozenset[str] = field(default=frozenset())
    done: Text = ""
    hint: Text = ""
    grave: bool = False


def _simple(service: Callable[..., Any], *names: str) -> Run:
    return lambda voice, data, who: service(voice, **{name: data[name] for name in names}, **who)


def _dispatch(voice: Any, data: dict[str, Any], who: dict[str, Any]) -> Any:
    return services.dispatch(voice, to=found.unit_named(data["to"]), reason=data["reason"], **who)


def _take(voice: Any, data: dict[str, Any], who: dict[str, Any]) -> Any:
    return services.take_in_hand(voice, handler=found.person_named(data["handler"]), **who)


def _assign(voice: Any, data: dict[str, Any], who: dict[str, Any]) -> Any:
    return services.assign(voice, handler=found.person_named(data["handler"]), reason=data["reason"], **who)


def _decide(voice: Any, data: dict[str, Any], who: dict[str, Any]) -> Any:
    decide = services.grant_extension if data["decide"] == "grant" else services.refuse_extension
    return decide(voice, decision=data["decision"], **who)


def _co_handler(service: Callable[..., Any]) -> Run:
    return lambda voice, data, who: service(voice, unit=found.unit_named(data["unit"]), **who)


def _progress(voice: Any, data: dict[str, Any], who: dict[str, Any]) -> Any:
    photos = [services.encode_anew(file, file.name) for file in data.get("files", ())]
    voice = services.progress(voice, words=data["words"], **who)
    if photos:
        services.add_photos(voice, photos, actor=who["actor"], at=who["at"])
    return voice


def _name_accused(voice: Any, data: dict[str, Any], who: dict[str, Any]) -> Any:
    named, unit = data["person"].strip(), data["unit"]
    if named:
        persons = [one for one in found.people_called(named) if data.get("which") in (None, one.pk)]
        if len(persons) != 1:
            raise BadInput(
                {"person": _("没有找到这个人，或不止一位。") if not persons else _("不止一位，请选是哪一位。")}
            )
        return services.name_accused(voice, person=persons[0], more=data["more"], **who)
    return services.name_accused(voice, unit=found.unit_named(unit) if unit else None, more=data["more"], **who)


def _units(record: Any, on: dt.date) -> dict[str, Sequence[Choice]]:
    return {"to": found.may_take(record.voice, on=on)}


def _handlers(record: Any, on: dt.date) -> dict[str, Sequence[Choice]]:
    return {"handler": found.handlers_of(record.voice, on=on)}


def _new_helpers(record: Any, on: dt.date) -> dict[str, Sequence[Choice]]:
    taken = {record.voice.owner_id, *(row.unit_id for row in record.co_handlers)}
    return {"unit": [one for one in found.may_take(record.voice, on=on) if one.pk not in taken]}


def _helpers(record: Any, on: dt.date) -> dict[str, Sequence[Choice]]:
    return {"unit": [Choice(row.unit_id, str(row.unit)) for row in record.co_handlers]}


NO_MATTER = frozenset({
    "not_to_the_accused", "co_handlers_not_accused", "owner_in_the_street", "co_handlers_in_the_street",
    "handler_named", "handler_holds_a_post", "handler_has_no_interest",
})  # fmt: skip

ACTS: tuple[Act, ...] = (
    Act("accept", ("accept",), gettext_lazy("受理"), "user-check", _simple(services.accept, "title", "kind", "topic"), forms.Accept, done=gettext_lazy("受理了。")),
    Act("decline", ("decline",), gettext_lazy("不予受理"), "door-exit", _simple(services.decline, "exit", "reason"), forms.Decline,
        fills=frozenset({"exit_is_lawful"}), done=gettext_lazy("没有受理，已告诉居民该找谁。"), hint=gettext_lazy("只有这六种情形可以不受理。")),
    Act("discipline_door", ("discipline_door",), gettext_lazy("转纪检渠道"), "shield-lock", _simple(services.discipline_door), grave=True,
        done=gettext_lazy("已转纪检渠道，内容没有保存。"), hint=gettext_lazy("原话、照片和联系方式会全部抹掉，包括历史版本，不能恢复。居民会看到纪检监察机关的联系办法。")),
    Act("dispatch", ("dispatch",), gettext_lazy("派单"), "send", _dispatch, forms.Dispatch, _units, NO_MATTER, done=gettext_lazy("派给%(owner)s了。")),
    Act("overrule", ("overrule",), gettext_lazy("维持派单"), "send", _simple(services.overrule, "reason"), forms.Reason, done=gettext_lazy("维持派单，已告诉承办单位。"),
        hint=gettext_lazy("异议不成立，还由这个单位办。")),
    Act("recall", ("recall",), gettext_lazy("收回派单"), "arrow-back-up", _simple(services.recall, "reason"), forms.Reason, grave=True, done=gettext_lazy("收回了，可以重派。"),
        hint=gettext_lazy("现在的承办单位不再看到这件事。")),
    Act("object", ("object",), gettext_lazy("提出异议"), "arrow-back-up", _simple(services.object_to_dispatch, "reason"), forms.Reason, done=gettext_lazy("异议交给受理台审了。"),
        hint=gettext_lazy("写清为什么不该由本单位办，该由谁办。")),
    Act("take", ("take",), gettext_lazy("签收办理"), "user-check", _take, forms.TakeInHand, _handlers, NO_MATTER, done=gettext_lazy("签收了，由%(handler)s承办。")),
    Act("assign", ("assign",), gettext_lazy("换承办人"), "switch-horizontal", _assign, forms.Assign, _handlers, NO_MATTER, done=gettext_lazy("由%(handler)s承办。")),
    Act("stand_aside", ("stand_aside",), gettext_lazy("回避"), "user-x", _simple(services.stand_aside, "reason"), forms.Reason, grave=True, done=gettext_lazy("记下了，您已回避。"),
        hint=gettext_lazy("与事情或当事人有直接利害关系的，要回避。回避以后，您不再看到这件事。")),
    Act("contact", ("contact",), gettext_lazy("记先行联系"), "phone", _simple(services.contact, "how", "words"), forms.FirstContact, done=gettext_lazy("记下了。")),
    Act("ask_resident", ("ask_resident",), gettext_lazy("请居民补充"), "player-pause", _simple(services.ask_resident, "question"), forms.Question, done=gettext_lazy("问过居民了，时限停着。")),
    Act("resident_answers", ("resident_answers",), gettext_lazy("记居民补充"), "player-play", _simple(services.resident_answers, "text"), forms.Supplement,
        done=gettext_lazy("记下了，时限接着算。"), hint=gettext_lazy("居民打电话或当面补充的，记在这里。")),
    Act("supplement", ("supplement",), gettext_lazy("记居民补充"), "message-2", _simple(services.supplement, "text"), forms.Supplement, done=gettext_lazy("记下了。")),
    Act("ask_extension", ("ask_extension",), gettext_lazy("申请延期"), "hourglass", _simple(services.ask_extension, "days", "reason"), forms.AskExtension, done=gettext_lazy("交给负责人批了。")),
    Act("decide_extension", ("grant_extension", "refuse_extension"), gettext_lazy("批延期"), "hourglass", _decide, forms.DecideExtension, done=gettext_lazy("批过了。")),
    Act("progress", ("progress",), gettext_lazy("记办理情况"), "tool", _progress, forms.Progress, done=gettext_lazy("记下了，居民能看到。")),
    Act("draft", ("draft",), gettext_lazy("写答复"), "pencil", _simple(services.draft_answer, "facts", "result", "opinion", "basis", "solved"), forms.Draft,
        done=gettext_lazy("存好了，居民还看不到。")),
    Act("submit", ("submit",), gettext_lazy("提交审核"), "file-search", _simple(services.submit_answer), done=gettext_lazy("送审了。"), hint=gettext_lazy("送给负责人审核。审核以前，您还可以请他退回来改。")),
    Act("send_back", ("send_back",), gettext_lazy("退回修改"), "arrow-back-up", _simple(services.send_back, "reason"), forms.Reason, done=gettext_lazy("退回去了。"), hint=gettext_lazy("写清要改哪里。")),
    Act("answer", ("answer",), gettext_lazy("审核答复"), "circle-check", _simple(services.answer), done=gettext_lazy("答复居民了。"), hint=gettext_lazy("发出以后居民马上看到，不能收回。"), fills=frozenset({"four_eyes"})),
    Act("call_back", ("call_back",), gettext_lazy("开始回访"), "phone", _simple(services.call_back), done=gettext_lazy("开始回访。")),
    Act("call_back_result", ("call_back_well", "call_back_badly"), gettext_lazy("记回访结果"), "phone", _simple(services.rate_by_call_back, "solved", "satisfied", "words"),
        forms.CallBackResult, done=gettext_lazy("记下了。"), hint=gettext_lazy("照居民说的记。没有解决或不满意的，会重新办理。")),
    Act("close_unrated", ("close_unrated",), gettext_lazy("按期办结"), "checks", _simple(services.close_unrated), done=gettext_lazy("办结了，记为没有评价。")),
    Act("second_handling", ("second_handling",), gettext_lazy("开始二次办理"), "rotate-2", _simple(services.second_handling, "head"), forms.SecondHandling,
        fills=NO_MATTER | {"head_takes_part"}, done=gettext_lazy("开始二次办理。"), hint=gettext_lazy("单位负责人要参加。")),
    Act("reopen", ("reopen",), gettext_lazy("重新打开"), "refresh", _simple(services.reopen, "reason"), forms.Reason, done=gettext_lazy("重新打开了，可以再派。")),
    Act("urge", ("urge",), gettext_lazy("催办"), "speakerphone", _simple(services.urge, "reason"), forms.Urge, done=gettext_lazy("催过了，承办人和负责人会收到通知。")),
    Act("add_co_handler", ("add_co_handler",), gettext_lazy("加协办单位"), "users", _co_handler(services.add_co_handler), forms.Unit, _new_helpers, NO_MATTER, done=gettext_lazy("加上了。")),
    Act("drop_co_handler", ("drop_co_handler",), gettext_lazy("去掉协办单位"), "users", _co_handler(services.drop_co_handler), forms.Unit, _helpers, done=gettext_lazy("去掉了。")),
    Act("name_accused", ("name_accused",), gettext_lazy("登记被反映方"), "shield-lock", _name_accused, forms.NameAccused, grave=True, done=gettext_lazy("登记了，他们从此看不到本件。"),
        hint=gettext_lazy("登记以后，这个人、这个单位和它的下级都看不到本件，也不能办。如果正由他们办，马上收回。")),
    Act("no_official", ("no_official",), gettext_lazy("写明不涉及工作人员"), "shield-check", _simple(services.no_official, "reason"), forms.Reason, done=gettext_lazy("写明了，可以往下办。"),
        hint=gettext_lazy("居民写的是谁，怎么知道不是街道、社区和各单位的工作人员。写明以前，只有受理派单的人看得到本件；写明以后，承办的单位也看得到。")),
)  # fmt: skip

BY_NAME: dict[str, Act] = {act.name: act for act in ACTS}
OF_VERB: dict[str, Act] = {verb: act for act in ACTS for verb in act.verbs}
