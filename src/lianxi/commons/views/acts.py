"""One page for each verb: a form, what it does, and the refusal in its place. Used by the faces of every mechanism."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lianxi.commons.permissions import Permission
from lianxi.commons.refusals import BadInput, Blocked, ChangedMeanwhile, NotOpenFromHere, NotPermitted, Refusal, Text


@dataclass(frozen=True, slots=True)
class Act:
    """A verb as its page shows it. `do(record, values, request)` calls the service and may give another address to go to.

    `label`: on the button and as the title; `text`: what follows from it, in a sentence; `done`: said afterwards.
    `heading`: the title, where the label would not say whose; `onward`: name and label of a button in front that sends the same form and then goes on, for a pile of papers;
    `pass_by`: address and label of a link that goes on without sending anything.
    `cures`: label and address of what mends a refusal of this record; the refusal links to them.
    """

    label: Text
    form: Callable[..., forms.Form]
    do: Callable[[Any, dict[str, Any], Any], Any]
    may: Permission
    done: Text
    text: Text = ""
    icon: str = ""
    heading: Text = ""
    onward: tuple[str, Text] | None = None
    pass_by: tuple[str, Text] | None = None
    cures: Callable[[Any], list[tuple[Text, str]]] = lambda record: []


def seen(request: Any) -> int | None:
    """The version of the record on the page from which a form was sent; None if it does not say."""
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


def seeing(request: Any) -> dict[str, Any]:
    """Who takes a step, when, and which version of the record was on the page: for a service that refuses to act on another."""
    return {"actor": request.actor, "at": request.at, "seen": seen(request)}


def standing(request: Any, record: Any, refused: Refusal | None = None) -> dict[str, Any]:
    """What the page of a form says of its record (`views/refused.html`, `views/seen.html`): the version to be sent along,
    why it was refused, and the state that it has now."""
    changed = isinstance(refused, ChangedMeanwhile)
    version = getattr(record, "version", None)
    return {
        "refused": refused,
        "seen": seen(request) if seen(request) is not None and not changed else version,
        "now": record.get_state_display() if refused and hasattr(record, "get_state_display") else "",
    }


def perform(
    request: Any,
    act: Act,
    record: Any,
    *,
    title: str,
    back: str,
    permitted: bool = False,
    refused: Refusal | None = None,
) -> HttpResponse:
    """Show the form of an act, or do it. What was typed is never lost; a refusal stands above the form.

    `permitted`: the caller has asked the permission, of another record than the one acted on; `refused`: why it cannot be done
    as things are, so that it is not tried.
    """
    if not permitted and not act.may.may(request.actor, record):
        raise NotPermitted(open_to=[one.says for one in act.may.clauses if one.open])
    form = act.form(request.POST if request.method == "POST" else None, record=record, request=request)
    if request.method == "POST" and not refused and form.is_valid():
        try:
            went = act.do(record, form.cleaned_data, request)
        except BadInput as wrong:
            _put(form, wrong)
        except (Blocked, ChangedMeanwhile, NotOpenFromHere) as error:
            refused = error
        else:
            messages.success(request, str(act.done))
            return HttpResponseRedirect(went if isinstance(went, str) else back)
    context = {"act": act, "form": form, "record_title": title, "back": back} | standing(request, record, refused)
    context["cures"] = act.cures(record) if isinstance(refused, Blocked) else []
    status = refused.status if refused else 422 if form.errors else 200
    return render(request, "views/act.html", context, status=status)


def _put(form: forms.Form, wrong: BadInput) -> None:
    for field, texts in wrong.errors.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, str(text))


class RecordForm(forms.Form):
    """A form that knows its record and the request."""

    def __init__(self, data: Any = None, *, record: Any = None, request: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.record, self.request = record, request
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and first values."""


class DayInput(forms.DateInput):
    """A day, chosen from the browser's calendar."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs or None, format="%Y-%m-%d")


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=DayInput())


def reason_field(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200)
