"""Expected errors, as one tree. Each has a code, an HTTP status, a sentence in the reader's language, and facts.

Refusal
├── NotFound            404  it is not there, or not for you: a stranger cannot tell which
├── NotPermitted        403  you may see it, but this step is for others
├── NotOpenFromHere     409  the step does not lead out of the present state
├── ChangedMeanwhile    409  somebody was quicker; carries what changed
├── Blocked             422  a condition is missing; carries the checks that failed
├── BadInput            422  what was typed cannot be used; carries field → sentences
└── TooMany             429  slow down
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    Text: TypeAlias = _StrOrPromise
else:
    Text = str | Promise


class Refusal(Exception):
    """An expected error. `str()` is the sentence in the active language."""

    code = "refused"
    status = 400
    sentence: Text = _("这一步没有办成。")

    def __init__(self, sentence: Text = "", **facts: Any) -> None:
        super().__init__(sentence or self.sentence)
        self.said = sentence or self.sentence
        self.facts = facts

    def __str__(self) -> str:
        return str(self.said)

    def problem(self) -> dict[str, Any]:
        """The refusal as an RFC 9457 problem (JSON-ready)."""
        return {
            "type": f"/problems/{self.code}",
            "title": str(self.sentence),
            "status": self.status,
            "detail": str(self),
        } | {name: value for name, value in self.facts.items() if isinstance(value, str | int | list | dict)}


class NotFound(Refusal):
    code, status = "not-found", 404
    sentence = _("没有找到这一页，或者它不对您开放。")


class NotPermitted(Refusal):
    """`open_to`: sentences of those who may."""

    code, status = "not-permitted", 403
    sentence = _("这一步不由您办。")

    def __init__(self, sentence: Text = "", open_to: Sequence[Text] = ()) -> None:
        super().__init__(sentence, open_to=[str(one) for one in open_to])


class NotOpenFromHere(Refusal):
    code, status = "not-open", 409
    sentence = _("现在的状态办不了这一步。")


class ChangedMeanwhile(Refusal):
    """`since`: the events that the actor has not seen."""

    code, status = "changed-meanwhile", 409
    sentence = _("您打开以后，有人改过。您写的还在，请对照后再办。")

    def __init__(self, since: Sequence[Any] = (), state: str = "") -> None:
        super().__init__("", state=state)
        self.since = list(since)


class Blocked(Refusal):
    """`missing`: the checks (`lianxi.commons.rulebook.Check`) that did not pass."""

    code, status = "blocked", 422
    sentence = _("还差条件，没有办成。")

    def __init__(self, missing: Sequence[Any], sentence: Text = "") -> None:
        super().__init__(
            sentence or "；".join(str(check) for check in missing), missing=[str(check) for check in missing]
        )
        self.missing = list(missing)


class BadInput(Refusal):
    """`errors`: field → sentences."""

    code, status = "bad-input", 422
    sentence = _("有几处要改。")

    def __init__(self, errors: Mapping[str, Text | Sequence[Text]], sentence: Text = "") -> None:
        self.errors = {
            field: [texts] if isinstance(texts, str | Promise) else list(texts) for field, texts in errors.items()
        }
        super().__init__(
            sentence or "".join(str(text) for texts in self.errors.values() for text in texts),
            errors={field: [str(text) for text in texts] for field, texts in self.errors.items()},
        )


class TooMany(Refusal):
    code, status = "too-many", 429
    sentence = _("试得太频繁了，请过一会儿再来。")
