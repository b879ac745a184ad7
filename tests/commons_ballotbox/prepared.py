"""Votes that are open, with a ballot of every voter made beforehand: for programs that cast over HTTP; or counted ones.

`python -m tests.commons_ballotbox.prepared [--hints] FILE name:kind:voters[:ballots[:counted]] …` fills the database of DATABASE_URL and
writes FILE: a JSON list of {name, uuid, pk, ballots, hints}; `ballots` of each voter (1), the later ones to replace the earlier;
`hints` (base64) of each ballot, as the booth sends them along.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import sys
from base64 import b64encode
from concurrent.futures import ProcessPoolExecutor
from typing import Any

TWENTY = tuple(f"候选人{n:02d}" for n in range(20))
MOST = 16


def made(text: bytes, card: str, seed: int) -> str:
    """A ballot with choices drawn by lot, in a process that knows nothing but the election."""
    from lianxi.engines.ballots import ballot, chinese
    from lianxi.engines.ballots.election import Question, read_election

    election, lot = read_election(text), random.Random(seed)
    form, draw = chinese.form_of(election), secrets.randbelow
    if form:
        marks = [lot.choice(("赞成", "反对", "弃权")) for _one in form.candidates]
        while marks.count("赞成") > form.most:
            marks[marks.index("赞成")] = "弃权"
        return chinese.cast(election, form, card, marks, (), draw).text.decode()
    choices = []
    for question in election.questions:
        assert isinstance(question, Question)
        count = lot.randint(max(question.min, int(bool(question.blank))), question.max)
        chosen = set(lot.sample(range(len(question.answers)), count))
        choices.append([0] * bool(question.blank) + [int(n in chosen) for n in range(len(question.answers))])
    return ballot.cast(election, card, choices, draw).text.decode()


def hinted(text: bytes, one: str) -> str:
    from lianxi.engines.ballots import hints

    return b64encode(hints.record(hints.kept(text), one.encode())[hints.COUNT :]).decode()


def prepared(wanted: list[tuple[str, str, int, int, str]], *, with_hints: bool = False) -> list[dict[str, Any]]:
    """A vote for each (name, kind, voters, ballots of each, state); ballots are made for those that are open."""
    from lianxi.commons.ballotbox.queries.election import election_of
    from lianxi.commons.permissions import asking, system
    from tests.commons_ballotbox.conftest import vote
    from tests.street import build_street

    with asking(system("voices.clock")):
        street, found = build_street(), []
        for name, kind, voters, each, state in wanted:
            big: dict[str, Any] = {} if kind == "motions" else {"items": TWENTY, "most": MOST}
            one = vote(street, random.Random(secrets.randbits(64)), state, kind=kind, voters=voters, **big)
            election = election_of(one.poll)
            assert election is not None
            found.append((name, one, election.text, each))
    ready = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, one, text, each in found:
            cards = [card for card in one.cards for _ in range(each) if one.poll.state == "poll_open"]
            texts = list(pool.map(made, [text] * len(cards), cards, range(len(cards)), chunksize=8))
            more = list(pool.map(hinted, [text] * len(texts), texts, chunksize=8)) if with_hints else []
            ready.append(
                {"name": name, "uuid": one.poll.uuid, "pk": one.poll.pk, "ballots": texts, "hints": more, "each": each}
            )
    return ready


def main() -> None:
    import django

    django.setup()
    arguments = sys.argv[1:]
    with_hints = arguments[0] == "--hints"
    file, *specs = arguments[with_hints:]
    wanted = []
    for spec in specs:
        name, kind, voters, each, state = (spec.split(":") + ["1", "poll_open"][spec.count(":") - 2 :])[:5]
        wanted.append((name, kind, int(voters), int(each), state))
    with open(file, "w", encoding="utf-8") as out:
        json.dump(prepared(wanted, with_hints=with_hints), out)


if __name__ == "__main__":
    main()
