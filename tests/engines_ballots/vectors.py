"""What the engine makes of fixed numbers: `python -m tests.engines_ballots.vectors` writes tests/vectors/ballots/*.json anew.

The booth in TypeScript reads the same files and must find the same. README.md beside them says what each field means.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from gmpy2 import mpz

from lianxi.engines.ballots import ballot, chinese, credentials, hints, opening, proofs
from lianxi.engines.ballots.chinese import ABSTAIN, FAVOUR, OPPOSE, Form
from lianxi.engines.ballots.codes import check_code
from lianxi.engines.ballots.election import Election, Question, fingerprint
from lianxi.engines.ballots.group import BELENIOS_2048 as GROUP
from lianxi.engines.ballots.strict import Malformed, parsed, written

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "ballots"
UUID = "LianXiVectors1"
FORM = Form(("林岚", "沈既白", "陆砚秋"), 2, ("周亦远", "许知行"))
PLAIN = (Question("同意吗?", ("赞成", "反对"), 0, 1), Question("选哪几位?", ("甲", "乙", "丙"), 1, 2))
BLANK = (Question('选哪几位? "引号" \\ 与空白票', ("甲", "乙", "丙"), 1, 2, True),)


class Draws:
    """Draws by lot and remembers what it drew."""

    def __init__(self, seed: str) -> None:
        self.lot, self.drawn = random.Random(seed), [0] * 0

    def __call__(self, below: int) -> int:
        self.drawn.append(self.lot.randrange(below))
        return self.drawn[-1]


def election(questions: Sequence[Any], description: str = "") -> Election:
    key = GROUP.power(GROUP.g, GROUP.hashed("key of the vectors"))
    return Election(UUID, '表决 "名称"\n第二行', description, GROUP, key, tuple(questions), "管理员", None)


ELECTIONS = {
    "plain": election(PLAIN),
    "blank": election(BLANK),
    "chinese": election(FORM.questions, FORM.described("社区委员会选举")),
    "chinese without roster": election(Form(("甲", "乙"), 1).questions, Form(("甲", "乙"), 1).described("")),
}
Votes = dict[str, Any]
BALLOTS: list[tuple[str, str, Votes]] = [
    ("plain", "plain", {"votes": [[1, 0], [0, 1, 1]]}),
    ("plain, nothing in the first", "plain", {"votes": [[0, 0], [1, 0, 0]]}),
    ("blank", "blank", {"votes": [[1, 0, 0, 0]]}),
    ("blank possible, not blank", "blank", {"votes": [[0, 0, 1, 1]]}),
    ("chinese", "chinese", {"marks": [FAVOUR, OPPOSE, ABSTAIN], "written_in": ["许知行"]}),
    ("chinese, all abstain", "chinese", {"marks": [ABSTAIN] * 3, "written_in": []}),
    ("chinese, two written in", "chinese", {"marks": [OPPOSE, OPPOSE, ABSTAIN], "written_in": ["周亦远", "许知行"]}),
    ("chinese without roster", "chinese without roster", {"marks": [OPPOSE, FAVOUR], "written_in": []}),
]
REFUSED_VOTES: list[tuple[str, Votes]] = [
    ("plain", {"votes": [[1, 1], [0, 1, 1]]}),
    ("plain", {"votes": [[1, 0], [0, 0, 0]]}),
    ("plain", {"votes": [[2, 0], [0, 1, 0]]}),
    ("plain", {"votes": [[1], [0, 1, 0]]}),
    ("blank", {"votes": [[1, 1, 0, 0]]}),
    ("chinese", {"marks": [FAVOUR, FAVOUR, FAVOUR], "written_in": []}),
    ("chinese", {"marks": [FAVOUR, ABSTAIN, ABSTAIN], "written_in": ["周亦远"]}),
    ("chinese", {"marks": [OPPOSE, ABSTAIN, ABSTAIN], "written_in": ["某人"]}),
    ("chinese", {"marks": [FAVOUR, OPPOSE], "written_in": []}),
]


def made(which: str, card: str, votes: Votes, draw: Callable[[int], int]) -> ballot.Unsigned:
    one = ELECTIONS[which]
    if "votes" in votes:
        return ballot.answered(one, card, votes["votes"], draw)
    form = chinese.form_of(one)
    assert form is not None
    return chinese.answered(one, form, card, votes["marks"], votes["written_in"], draw)


def reason(work: Callable[[], object]) -> dict[str, str] | None:
    """Why something is refused; None where it is not."""
    try:
        work()
    except Malformed as problem:
        return {"why": problem.why, "where": problem.where, "zh": problem.said("zh"), "en": problem.said("en")}
    return None


def groups() -> dict[str, Any]:
    lot = random.Random("group")
    exponents = [0, 1, 2, int(GROUP.q) - 1, *(lot.randrange(int(GROUP.q)) for _ in range(4))]
    inside = GROUP.power(GROUP.g, mpz(exponents[-1]))
    suspects = [mpz(0), mpz(1), GROUP.p - 1, GROUP.p, GROUP.p - inside, inside, inside + GROUP.p, inside * 2 % GROUP.p, GROUP.g]  # fmt: skip
    return {
        "name": GROUP.name, "p": str(GROUP.p), "q": str(GROUP.q), "g": str(GROUP.g),
        "powers": [{"exponent": str(one), "power": str(GROUP.power(GROUP.g, mpz(one)))} for one in exponents],
        "members": [{"element": str(one), "member": GROUP.contains(one)} for one in suspects],
        "hashed": [{"text": text, "number": str(GROUP.hashed(text))} for text in ("", "abc", "表决\n")],
        "fingerprints": [{"text": text, "fingerprint": fingerprint(text.encode())} for text in ("", "abc", "表决\n")],
        "codes": [{"text": text, "code": check_code(text.encode())} for text in ("", "abc", "表决\n", *map(str, range(20)))],
    }  # fmt: skip


def cards() -> dict[str, Any]:
    draw = Draws("cards")
    good = []
    for uuid in (UUID, UUID, "GfJwwbUT3Db5bG", ""):
        before = len(draw.drawn)
        card = credentials.credential(draw if uuid else lambda _below: 0)  # the last: its sum needs 53, not 0
        uuid = uuid or UUID
        good.append(
            {
                "draws": draw.drawn[before:] or [0] * 14, "uuid": uuid, "card": card, "signs": credentials.cleaned(f" {card} "),
                "secret": str(credentials.secret_of(GROUP, uuid, card)),
                "public": str(credentials.public_of(GROUP, uuid, card)),
            }
        )  # fmt: skip
    card = good[0]["card"]
    other = "2" if card[0] != "2" else "3"
    typed = [card[:-1], card + "1", other + card[1:], card.replace(card[0], "0", 1), card[:-1] + ("1" if card[-1] != "1" else "2"), "", "林" * 15]  # fmt: skip
    keys = [str(one["public"]) for one in good[:2]]
    wrong = [{"typed": one, "reason": reason(lambda one=one: credentials.cleaned(one))} for one in typed]  # type: ignore[misc]
    return {"good": good, "wrong": wrong, "list": credentials.told([mpz(key) for key in keys]).decode()}


def elections() -> dict[str, Any]:
    good = [
        {"name": name, "text": one.text.decode(), "fingerprint": one.fingerprint,
         "form": form and {"candidates": form.candidates, "roster": form.roster, "most": form.most}}
        for name, one in ELECTIONS.items() for form in [chinese.form_of(one)]
    ]  # fmt: skip
    from lianxi.engines.ballots.election import read_election

    def judged(text: bytes) -> None:
        chinese.form_of(read_election(text))

    changes: list[tuple[str, str, Callable[[Any], Any]]] = [
        ("another version", "plain", lambda v: v.update(version=2)),
        ("unknown group", "plain", lambda v: v.update(group="BELENIOS-1024")),
        ("key outside the group", "plain", lambda v: v.update(public_key=str(GROUP.p - mpz(v["public_key"])))),
        ("key 1", "plain", lambda v: v.update(public_key="1")),
        ("more than there are", "plain", lambda v: v["questions"][0].update(max=3)),
        ("short uuid", "plain", lambda v: v.update(uuid="abc")),
        ("no name", "plain", lambda v: v.pop("name")),
        ("another most", "chinese", lambda v: v.update(description=v["description"].replace("most=2", "most=3"))),
        ("another order of names", "chinese", lambda v: v["questions"][0]["answers"].reverse()),
    ]
    wrong = []
    for name, which, change in changes:
        value = parsed(ELECTIONS[which].text)
        change(value)
        text = written(value).encode()
        wrong.append({"name": name, "text": text.decode(), "reason": reason(lambda text=text: judged(text))})  # type: ignore[misc]
    return {"good": good, "wrong": wrong}


def challenges(one: ballot.Ballot, which: Election) -> list[dict[str, str]]:
    """Texts that are hashed for the proofs of the first choice, the first sum and the signature, with the number that results."""
    answer = one.answers[0]
    assert isinstance(answer, ballot.Answer)
    begin = f"{which.fingerprint}|{one.credential}"
    cipher = answer.choices[0]
    pairs = [
        proofs.commitments(GROUP, which.y, proofs.Branch(cipher, value), proof)
        for value, proof in enumerate(answer.individual_proofs[0])
    ]
    said = proofs.in_interval(begin, cipher) + ",".join(f"{a},{b}" for a, b in pairs)
    a = GROUP.power(GROUP.g, one.signature.response) * GROUP.power(one.credential, one.signature.challenge) % GROUP.p
    signed = proofs.of_ballot(one.digest)(a)
    return [
        {"of": "answers[0].individual_proofs[0]", "text": said, "number": str(GROUP.hashed(said))},
        {"of": "signature", "text": signed, "number": str(GROUP.hashed(signed))},
    ]


def ballots() -> dict[str, Any]:
    card = cards()["good"][0]["card"]
    good = []
    for name, which, votes in BALLOTS:
        draw = Draws(name)
        draft = made(which, card, votes, draw)
        done = ballot.finished(ELECTIONS[which], draft.secret, draft.answers, draw)
        good.append(
            {"name": name, "election": which, "card": card, **votes, "draws": [str(one) for one in draw.drawn],
             "text": done.text.decode(), "hints": sha256(hints.record(ELECTIONS[which], done.text)[hints.COUNT:]).hexdigest(), "digest": done.digest, "tracker": done.tracker, "code": check_code(done.text),
             "challenges": challenges(done, ELECTIONS[which]), "opening": draft.known.told()}
        )  # fmt: skip
    wrong = []
    for name, which, change in WRONG_BALLOTS:
        value = parsed(next(one["text"] for one in good if one["name"] == which).encode())
        secret = credentials.secret_of(GROUP, UUID, card)
        change(value)
        text = resigned(value, secret)
        of = ELECTIONS[next(one["election"] for one in good if one["name"] == which)]
        wrong.append({"name": name, "election": next(e for e, known in ELECTIONS.items() if known is of), "text": text.decode(), "reason": reason(lambda of=of, text=text: judge(of, text))})  # type: ignore[misc]  # fmt: skip
    cast = [{"election": which, "card": card, **votes} for which, votes in REFUSED_VOTES]
    return {"good": good, "wrong": wrong, "not to be cast": cast}


def judge(of: Election, text: bytes) -> None:
    """What a server does with a ballot that comes."""
    found = ballot.read_ballot(of, text)
    ballot.check(of, found)
    form = chinese.form_of(of)
    if form:
        chinese.check_links(of, form, found)


def resigned(value: dict[str, Any], secret: mpz) -> bytes:
    """The ballot signed by its voter after a change; left as it is where the change was made to the signature."""
    if "signature" not in value or value.pop("keep", False):
        return written(value).encode()
    plain = {name: inner for name, inner in value.items() if name != "signature"}
    digest = fingerprint(written(plain).encode())
    proof = proofs.know(GROUP, proofs.of_ballot(digest), secret, Draws("signing"))
    return written(plain | {"signature": {"hash": digest, "proof": proof.told()}}).encode()


def _minus(choice: dict[str, str], part: str) -> None:
    choice[part] = str(GROUP.p - mpz(choice[part]))


def _more(choice: dict[str, str]) -> None:
    choice["beta"] = str(mpz(choice["beta"]) * GROUP.g % GROUP.p)


def _relinked(value: dict[str, Any]) -> None:
    """The choices of the first candidate's own question exchanged with the second's: every proof of the two holds."""
    value["answers"][1], value["answers"][2] = value["answers"][2], value["answers"][1]


WRONG_BALLOTS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("a vote more", "plain", lambda v: _more(v["answers"][0]["choices"][0])),
    ("alpha outside the group", "plain", lambda v: _minus(v["answers"][0]["choices"][0], "alpha")),
    ("beta outside the group", "plain", lambda v: _minus(v["answers"][1]["choices"][2], "beta")),
    ("branches exchanged", "plain", lambda v: v["answers"][0]["individual_proofs"][0].reverse()),
    ("branches of the sum exchanged", "plain", lambda v: v["answers"][1]["overall_proof"].reverse()),
    ("blank and chosen", "blank", lambda v: v["answers"][0]["blank_proof"].reverse()),
    ("no blank proof", "blank", lambda v: v["answers"][0].pop("blank_proof")),
    ("a challenge not below q", "plain", lambda v: v["answers"][0]["overall_proof"][0].update(challenge=str(GROUP.q))),
    ("a choice too few", "plain", lambda v: v["answers"][1]["choices"].pop()),
    ("a field more", "plain", lambda v: v.update(note="x")),
    ("fields in another order", "plain", lambda v: v.update(election_uuid=v.pop("election_uuid"))),
    ("another election", "plain", lambda v: v.update(election_hash="x" * 43)),
    ("a number that begins with nought", "plain", lambda v: v["answers"][0]["choices"][0].update(alpha="0" + v["answers"][0]["choices"][0]["alpha"])),
    ("a number without quotation marks", "plain", lambda v: v["answers"][0]["choices"][0].update(alpha=7)),
    ("the signature of another text", "plain", lambda v: v["signature"].update(hash="x" * 43, ) or v.update(keep=True)),
    ("a signature that does not hold", "plain", lambda v: v["signature"]["proof"].update(response="1") or v.update(keep=True)),
    ("no signature", "plain", lambda v: v.pop("signature")),
    ("candidates' questions exchanged", "chinese", _relinked),
]  # fmt: skip

WRONG_OPENINGS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("another choice", "plain", lambda v: v["opening"]["choices"][0].reverse()),
    ("another number", "plain", lambda v: v["opening"]["randomness"][1].reverse()),
    ("a number one larger", "plain", lambda v: v["opening"]["randomness"][0].__setitem__(1, str(int(v["opening"]["randomness"][0][1]) + 1))),
    ("a number q too large", "plain", lambda v: v["opening"]["randomness"][0].__setitem__(0, str(int(v["opening"]["randomness"][0][0]) + int(GROUP.q)))),
    ("a choice of two", "plain", lambda v: v["opening"]["choices"][0].__setitem__(0, 2)),
    ("a choice less than none", "plain", lambda v: v["opening"]["choices"][0].__setitem__(0, -1)),
    ("a choice in quotation marks", "plain", lambda v: v["opening"]["choices"][0].__setitem__(0, "1")),
    ("a choice too few", "plain", lambda v: v["opening"]["choices"][1].pop()),
    ("a number too few", "plain", lambda v: v["opening"]["randomness"][1].pop()),
    ("a question too few", "plain", lambda v: v["opening"]["choices"].pop()),
    ("no opening", "plain", lambda v: v.pop("opening")),
    ("alpha changed", "plain", lambda v: _minus(v["ballot"]["answers"][0]["choices"][1], "alpha")),
    ("beta changed", "plain", lambda v: _more(v["ballot"]["answers"][1]["choices"][0])),
    ("signed", "plain", lambda v: v["ballot"].update(signature={})),
    ("another election", "plain", lambda v: v["ballot"].update(election_hash="x" * 43)),
    ("fields in another order", "plain", lambda v: v.update(ballot=v.pop("ballot"))),
    ("a blank vote denied", "blank", lambda v: v["opening"]["choices"][0].__setitem__(0, 0)),
    ("candidates' questions exchanged, said so", "chinese", lambda v: (_relinked(v["ballot"]), [_relinked({"answers": v["opening"][part]}) for part in ("choices", "randomness")])),
    ("a complement that is none", "chinese", lambda v: v["opening"]["choices"][4].__setitem__(3, 1 - v["opening"]["choices"][4][3])),
]  # fmt: skip


def openings() -> dict[str, Any]:
    card = cards()["good"][0]["card"]
    good, values = [], {}
    for name, which, votes in BALLOTS:
        text = opening.told(ELECTIONS[which], made(which, card, votes, Draws(name)))
        found = opening.read_test(ELECTIONS[which], text)
        good.append({"name": name, "election": which, "text": text.decode(), "code": found.code, "choices": found.choices, "said": found.said})  # fmt: skip
        values[name] = (which, parsed(text))
    wrong = []
    for name, of, change in WRONG_OPENINGS:
        which, value = copy.deepcopy(values[of])
        change(value)
        text = written(value).encode()
        wrong.append({"name": name, "election": which, "text": text.decode(), "reason": reason(lambda which=which, text=text: opening.read_test(ELECTIONS[which], text))})  # type: ignore[misc]  # fmt: skip
    which, value = values["plain"]
    spaced = json.dumps(value, ensure_ascii=False).encode()
    wrong.append({"name": "with spaces", "election": which, "text": spaced.decode(), "reason": reason(lambda: opening.read_test(ELECTIONS[which], spaced))})  # fmt: skip
    return {"good": good, "wrong": wrong}


FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "group": groups,
    "cards": cards,
    "elections": elections,
    "ballots": ballots,
    "openings": openings,
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        text = json.dumps(make(), ensure_ascii=False, indent=1) + "\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
