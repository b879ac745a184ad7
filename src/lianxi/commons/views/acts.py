"""One page for each verb: a form, what it does, and the refusal in its place. Used by the faces of every mechanism."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lianxi.commons.permissions import Permission
from lianxi.commons.refusals import BadInput, Blocked, NotPermitted, Text


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


def perform(request: Any, act: Act, record: Any, *, title: str, back: str, permitted: bool = False) -> HttpResponse:
    """Show the form of an act, or do it. What was typed is never lost; a refusal stands above the form.

    `permitted`: the caller has asked the permission, of another record than the one acted on.
    """
    if not permitted and not act.may.may(request.actor, record):
        raise NotPermitted(open_to=[one.says for one in act.may.clauses if one.open])
    form = act.form(request.POST if request.method == "POST" else None, record=record, request=request)
    refused: Blocked | None = None
    if request.method == "POST" and form.is_valid():
        try:
            went = act.do(record, form.cleaned_data, request)
        except BadInput as wrong:
            _put(form, wrong)
        except Blocked as blocked:
            refused = blocked
        else:
            messages.success(request, str(act.done))
            return HttpResponseRedirect(went if isinstance(went, str) else back)
    context = {"act": act, "form": form, "record_title": title, "back": back, "refused": refused}
    context["cures"] = act.cures(record) if refused else []
    return render(request, "views/act.html", context, status=422 if form.errors or refused else 200)


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
