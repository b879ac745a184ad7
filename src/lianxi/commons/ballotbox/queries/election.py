"""The election of a poll, as the engine and every verifier know it: made of what was settled, and never of anything else."""

from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import BadInput
from lianxi.engines.ballots import ceremony
from lianxi.engines.ballots.ceremony import Output, Polynomial
from lianxi.engines.ballots.chinese import FAVOUR, OPPOSE, Form
from lianxi.engines.ballots.election import Election, Question
from lianxi.engines.ballots.group import BELENIOS_2048
from lianxi.engines.ballots.strict import parsed
from lianxi.engines.ballots.trustees import Signed, Trustees, combined

from ..models import Item, Poll, Trustee, TrusteeFile
from ..terms import Kind, Part, Step

GROUP = BELENIOS_2048
"""The group of every election here."""


def files_of(poll: Poll, step: Step) -> dict[int, bytes]:
    """What the trustees handed in at this step, by their number."""
    rows = TrusteeFile._base_manager.filter(trustee__poll=poll.pk, step=step).order_by("trustee__number")
    return {number: text.encode() for number, text in rows.values_list("trustee__number", "text")}


def trustee_count(poll: Poll) -> int:
    return Trustee._base_manager.filter(poll=poll.pk).count()


def certificates_of(poll: Poll) -> list[Signed]:
    """The certificates handed in so far, in the order of the trustees."""
    return [read_certificate(text) for text in files_of(poll, Step.CERTIFICATE).values()]


def read_certificate(text: bytes) -> Signed:
    """A certificate of a file. Raises Malformed."""
    return ceremony.signed(GROUP, parsed(text), "certificate")


def polynomials_of(poll: Poll) -> list[Polynomial]:
    return [ceremony.read_polynomial(GROUP, text, "polynomial") for text in files_of(poll, Step.POLYNOMIAL).values()]


def outputs_of(poll: Poll) -> list[Output]:
    return [ceremony.read_output(GROUP, text, "output") for text in files_of(poll, Step.OUTPUT).values()]


def trustees_of(poll: Poll) -> Trustees | None:
    """The trustees with all their keys; None while one of them is missing."""
    outputs = outputs_of(poll)
    if not outputs or len(outputs) != trustee_count(poll):
        return None
    return Trustees((ceremony.together(GROUP, poll.threshold, certificates_of(poll), polynomials_of(poll), outputs),))


def form_of_poll(poll: Poll) -> Form | None:
    """The form of a ballot with candidates; None for other kinds. Raises BadInput where it cannot be."""
    if poll.kind != Kind.CANDIDATES:
        return None
    texts: dict[str, list[str]] = {part: [] for part in Part.values}
    for part, text in Item._base_manager.filter(poll=poll.pk).order_by("number").values_list("part", "text"):
        texts[part].append(text)
    try:
        return Form(tuple(texts[Part.ITEM]), poll.most, tuple(texts[Part.ROSTER]))
    except ValueError:
        raise BadInput({"items": _("候选人和可以另选的人各写一次，最多选几个不超过总数。")}) from None


def questions_of(poll: Poll) -> tuple[Question, ...]:
    """The questions of the ballot."""
    if form := form_of_poll(poll):
        return form.questions
    items = tuple(
        Item._base_manager.filter(poll=poll.pk, part=Part.ITEM).order_by("number").values_list("text", flat=True)
    )
    if poll.kind == Kind.MOTIONS:
        return tuple(Question(text, (FAVOUR, OPPOSE), 0, 1) for text in items)
    return (Question(poll.title, items, 1, poll.most, True),)


def election_of(poll: Poll) -> Election | None:
    """The election, whose text every ballot refers to; None while the key is not complete."""
    trustees = trustees_of(poll)
    if trustees is None:
        return None
    form = form_of_poll(poll)
    return Election(
        poll.uuid,
        poll.title,
        form.described(poll.about) if form else poll.about,
        GROUP,
        combined(GROUP, trustees),
        questions_of(poll),
        administrator=poll.unit.name,
        credential_authority=poll.giver.name if poll.giver else None,
    )
