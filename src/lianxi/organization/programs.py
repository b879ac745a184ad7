"""A verb as a program finds it: the body is read by the page's own form, so that both refuse the same in the same words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.constants import NOT_SET

from lianxi.commons.api import REFUSED, Strict, actor_of, who
from lianxi.commons.permissions import Permission
from lianxi.commons.refusals import BadInput, NotPermitted
from lianxi.commons.views.acts import RecordForm


@dataclass(frozen=True, slots=True)
class Verb:
    """`wants`: what the body holds; `form`: the page's form; `may`: who; `do(record, values, who)` calls the service.

    `changes`: what the body does not name stays as it is on record.
    """

    name: str
    summary: str
    wants: type[Strict]
    form: type[RecordForm]
    may: Permission
    do: Callable[[Any, dict[str, Any], dict[str, Any]], Any]
    changes: bool = False


def open_steps(
    router: Router,
    verbs: Iterable[Verb],
    *,
    of: str,
    path: str,
    shape: type[Schema],
    find: Callable[[Any, int], Any],
    answer: Callable[[Any], dict[str, Any]],
) -> None:
    """An address for each verb: `path` + its name.

    Args:
        of: what the record is called in the operations' names.
        shape: of what comes back: the verb, `id` and what `answer` says of what the service gave.
        find: the record of an actor and a key; raises NotFound for who may not see it.
    """
    for verb in verbs:
        _open(router, verb, f"{path}{verb.name}", f"{of}_{verb.name}", shape, find, answer)


def _open(router: Router, verb: Verb, path: str, name: str, shape: type[Schema], find: Any, answer: Any) -> None:
    def take(request: HttpRequest, pk: int, body: Any) -> Any:
        done = perform(verb, find(actor_of(request), pk), body, request)
        return {"verb": verb.name, "id": pk} | answer(done)

    take.__annotations__["body"] = verb.wants
    router.post(path, response={200: shape, **REFUSED}, summary=verb.summary, operation_id=name, auth=NOT_SET)(take)


def perform(verb: Verb, record: Any, body: Strict, request: HttpRequest) -> Any:
    """Do a verb on a record that came through the door; gives what the service gives.

    Raises NotPermitted before it reads the body, BadInput (field → sentences), and what the service refuses.
    """
    if not verb.may.may(actor_of(request), record):
        raise NotPermitted(open_to=[one.says for one in verb.may.clauses if one.open])
    given = body.dict(exclude_unset=True)
    given.pop("seen", None)
    values = typed(verb.form, given, record=record, request=request, changes=verb.changes)
    if "seen" in type(body).model_fields:
        values["seen"] = getattr(body, "seen", None)
    return verb.do(record, values, who(request))


def typed(
    form: type[RecordForm], given: Mapping[str, Any], *, request: HttpRequest, record: Any = None, changes: bool = False
) -> dict[str, Any]:
    """The values of a page's form, read from what a program gave. Raises BadInput (field → sentences)."""
    data = dict(given)
    if changes:
        data = _on_record(form(record=record, request=request)) | data
    read = form(data, record=record, request=request)
    if not read.is_valid():
        raise BadInput({name: [str(text) for text in texts] for name, texts in read.errors.items()})
    return dict(read.cleaned_data)


def _on_record(blank: forms.Form) -> dict[str, Any]:
    known = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
    return {name: value for name, value in known.items() if value is not None}
