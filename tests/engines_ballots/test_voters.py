"""A voter who signs correctly and tries what is forbidden; and what a mistyped card says."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from threading import Thread
from typing import Any

import pytest
from gmpy2 import mpz
from hypothesis import given
from hypothesis import strategies as st

from lianxi.engines.ballots import ballot, credentials, proofs, quick
from lianxi.engines.ballots.election import BASE58, Election, Question, fingerprint
from lianxi.engines.ballots.group import BELENIOS_2048, FixedBase
from lianxi.engines.ballots.proofs import Proof
from lianxi.engines.ballots.strict import Malformed, parsed, written

from .small import VOTES, Small, small


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("voters"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("mixed"), shuffled=True)


def signed(election: Election, card: str, value: dict[str, Any], draw: Callable[[int], int]) -> bytes:
    """What stands in `value`, signed by the owner of the card as the rules want it."""
    value = {name: inner for name, inner in value.items() if name != "signature"}
    digest = fingerprint(written(value).encode())
    secret = credentials.secret_of(election.group, election.uuid, card)
    proof = proofs.know(election.group, proofs.of_ballot(digest), secret, draw)
    return written(value | {"signature": {"hash": digest, "proof": proof.told()}}).encode()


def refused(election: Election, text: bytes) -> str:
    with pytest.raises(Malformed) as problem:
        ballot.check(election, ballot.read_ballot(election, text))
    return problem.value.why


def honest(one: Small, voter: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = parsed(ballot.cast(one.election, one.cards[voter], VOTES[voter], one.draw).text)
    return found


NOT_01, NOT_WITHIN, OUTSIDE = "is not shown to be 0 or 1", "the number chosen is not shown to be within {least} to {most}", "does not belong to the group"  # fmt: skip


def times_g(cipher: dict[str, str], power: int) -> None:
    """Adds `power` votes to a ciphertext without touching its proof."""
    group = BELENIOS_2048
    cipher["beta"] = str(mpz(cipher["beta"]) * group.power(group.g, mpz(power)) % group.p)


def minus(element: str) -> str:
    return str(BELENIOS_2048.p - mpz(element))


FORBIDDEN: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("two votes in one", lambda v: times_g(v["answers"][0]["choices"][0], 1), NOT_01),
    ("a vote less than none", lambda v: times_g(v["answers"][0]["choices"][1], -1), NOT_01),
    ("a thousand votes", lambda v: times_g(v["answers"][0]["choices"][0], 1000), NOT_01),
    ("choices exchanged without their proofs", lambda v: v["answers"][0]["choices"].reverse(), NOT_01),
    ("choices exchanged with their proofs", lambda v: (v["answers"][0]["choices"].reverse(), v["answers"][0]["individual_proofs"].reverse()), NOT_WITHIN),
    ("branches exchanged", lambda v: v["answers"][0]["individual_proofs"][0].reverse(), NOT_01),
    ("the sum's branches exchanged", lambda v: v["answers"][0]["overall_proof"].reverse(), NOT_WITHIN),
    ("a blank and a choice", lambda v: v["answers"][1]["blank_proof"].reverse(), "a blank vote is not shown to choose nothing"),
    ("alpha outside the subgroup", lambda v: v["answers"][0]["choices"][0].update(alpha=minus(v["answers"][0]["choices"][0]["alpha"])), OUTSIDE),
    ("beta outside the subgroup", lambda v: v["answers"][0]["choices"][0].update(beta=minus(v["answers"][0]["choices"][0]["beta"])), OUTSIDE),
    ("alpha nothing", lambda v: v["answers"][0]["choices"][0].update(alpha="0"), OUTSIDE),
    ("alpha above p", lambda v: v["answers"][0]["choices"][0].update(alpha=str(BELENIOS_2048.p + 1)), OUTSIDE),
    ("one choice too few", lambda v: (v["answers"][0]["choices"].pop(), v["answers"][0]["individual_proofs"].pop()), "has {count} entries instead of {wanted}"),
    ("one proof too many", lambda v: v["answers"][0]["overall_proof"].append(v["answers"][0]["overall_proof"][0]), "has {count} entries instead of {wanted}"),
    ("no proof of the sum", lambda v: v["answers"][0].pop("overall_proof"), "lacks {name}"),
    ("something more", lambda v: v.update(note="x"), "has a field {what} that does not belong"),
    ("fields in another order", lambda v: v.update(election_uuid=v.pop("election_uuid")), "has its fields in another order"),
    ("an answer too few", lambda v: v["answers"].pop(), "has another number of answers than there are questions"),
    ("a challenge not below q", lambda v: v["answers"][0]["overall_proof"][0].update(challenge=str(BELENIOS_2048.q)), "a number of a proof is not below q"),
    ("a number that begins with nought", lambda v: v["answers"][0]["choices"][0].update(alpha="0" + v["answers"][0]["choices"][0]["alpha"]), "should be a decimal number in quotation marks"),
    ("a number without quotation marks", lambda v: v["answers"][0]["choices"][0].update(alpha=7), "should be a decimal number in quotation marks"),
    ("a number of a million signs", lambda v: v["answers"][0]["choices"][0].update(alpha="9" * 1_000_000), "should be a decimal number in quotation marks"),
    ("another election", lambda v: v.update(election_uuid="1" * 14), "belongs to another election"),
    ("another text of the election", lambda v: v.update(election_hash="x" * 43), "belongs to another election"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in FORBIDDEN])
def test_each_forbidden_ballot_is_refused_for_its_reason(change: Callable[[Any], Any], why: str, made: Small) -> None:
    value = honest(made)
    ballot.check(made.election, ballot.read_ballot(made.election, written(value).encode()))
    change(value)
    assert refused(made.election, signed(made.election, made.cards[0], value, made.draw)) == why


def test_another_voters_answers_under_the_own_name(made: Small) -> None:
    """Who copies a ballot copies its vote: each proof is bound to the credential."""
    copied = honest(made, 1) | {"credential": honest(made)["credential"]}
    assert refused(made.election, signed(made.election, made.cards[0], copied, made.draw)) == NOT_01


def test_another_voters_credential(made: Small) -> None:
    value = honest(made, 1)
    assert (
        refused(made.election, signed(made.election, made.cards[0], value, made.draw)) == "the signature does not hold"
    )


def test_another_voters_packed_answer(mixed: Small) -> None:
    mine, other = (
        parsed(ballot.cast(mixed.election, mixed.cards[voter], [[1, voter]], mixed.draw).text) for voter in (0, 1)
    )
    mine["answers"] = other["answers"]
    assert (
        refused(mixed.election, signed(mixed.election, mixed.cards[0], mine, mixed.draw)) == "the proof does not hold"
    )


@pytest.mark.parametrize(
    "votes",
    [[[1, 1], [0, 1, 0, 0]], [[2, 0], [0, 1, 0, 0]], [[0, 0], [0, 0, 0, 0]], [[0, 0], [1, 1, 0, 0]], [[0, 0], [0, 1, 1, 1]], [[0], [0, 1, 0, 0]]],
)  # fmt: skip
def test_our_own_booth_makes_no_forbidden_ballot(votes: list[list[int]], made: Small) -> None:
    with pytest.raises(ValueError, match=r"chosen|one 0 or 1"):
        ballot.cast(made.election, made.cards[0], votes, made.draw)


@pytest.mark.parametrize("packed", [[256, 0], [-1, 0], [1], [1, 2, 3]])
def test_numbers_that_cannot_be_packed(packed: list[int], mixed: Small) -> None:
    with pytest.raises(ValueError, match="number"):
        ballot.cast(mixed.election, mixed.cards[0], [packed], mixed.draw)


@given(st.integers(0, 2**32))
def test_one_wrong_sign_of_a_card_is_found_unless_it_lies_53_apart(seed: int) -> None:
    lot = random.Random(seed)
    card = credentials.credential(lot.randrange)
    assert credentials.cleaned(card.replace("-", " ")) == card.replace("-", "")
    signs = list(card.replace("-", ""))
    at = lot.randrange(15)
    signs[at] = lot.choice([sign for sign in BASE58 if sign != signs[at]])
    wrong = "".join(signs)
    same = (
        (BASE58.index(wrong[at]) - BASE58.index(card.replace("-", "")[at])) * 58 ** (13 - at) % 53 == 0
        if at < 14
        else (BASE58.index(wrong[at]) - BASE58.index(card.replace("-", "")[at])) % 53 == 0
    )
    if not same:
        with pytest.raises(Malformed):
            credentials.cleaned(wrong)


def test_a_proof_of_no_true_branch_cannot_be_made(made: Small) -> None:
    cipher = proofs.encrypted(BELENIOS_2048, made.election.y, mpz(5), mpz(3))
    with pytest.raises(ValueError, match="not in list"):
        proofs.one_of(
            BELENIOS_2048, made.election.y, "x", [proofs.Branch(cipher, 0)], [proofs.Opening(mpz(3), 5)], made.draw
        )


def test_messages_of_errors_hold_nothing_secret(made: Small) -> None:
    with pytest.raises(Malformed) as problem:
        credentials.secret_of(
            BELENIOS_2048, made.election.uuid, made.cards[0][:-1] + ("1" if made.cards[0][-1] != "1" else "2")
        )
    assert made.cards[0][:3] not in str(problem.value)
    assert "Proof" in repr(Proof(mpz(1), mpz(2)))


def test_a_card_gives_the_public_key_that_the_published_program_gives() -> None:
    """Credential, election and (the SHA-256 of) the public key, from an election made with `belenios-tool` 2.0."""
    key = credentials.public_of(BELENIOS_2048, "GfJwwbUT3Db5bG", "BYf-roY-xfe-EFx-mad")
    assert sha256(str(key).encode()).hexdigest() == "db60022cd417dd6b4eb5be5a57d9528529889ffc54cbb08fc46d566b4f2a72ad"


def test_every_last_sign_that_the_published_program_writes_is_taken() -> None:
    """One card in 53 of that program ends with the sign of number 53, where one would expect 0; it takes both, as other keys."""
    for card in ("HWi-Zw1-kge-qS8-14v", "g2t-fZA-EDt-JiU-Mqv", "yCJ-x6c-ang-DQB-1wv", "HWi-Zw1-kge-qS8-141"):
        assert credentials.cleaned(card) == card.replace("-", "")
    with pytest.raises(Malformed, match="does not agree"):
        credentials.cleaned("HWi-Zw1-kge-qS8-142")
    assert credentials.credential(lambda _below: 0) == "111-111-111-111-11v"
    key = credentials.public_of(BELENIOS_2048, "LianXiVectors1", "HWi-Zw1-kge-qS8-14v")
    assert str(key).startswith("551035948717593598067544368510877177931933452851810")


@pytest.mark.parametrize("blank", [False, True])
def test_the_same_products_whatever_is_chosen(blank: bool, monkeypatch: pytest.MonkeyPatch, made: Small) -> None:
    """Each power of a secret: of which base, in which order, by how many products. Nothing of it tells the vote."""
    question = Question("?", ("甲", "乙", "丙"), 0, 2, blank)
    election = replace(made.election, questions=(question,), given=None)
    votes = [[0, 0, 0], [1, 0, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]]
    if blank:
        votes = [[0, *vote] for vote in votes] + [[1, 0, 0, 0]]
    seen: list[tuple[mpz, int]] = []
    power = FixedBase.secret_power

    def watched(self: FixedBase, exponent: mpz) -> mpz:
        found = power(self, exponent)
        seen.append((self.base, len(self._made[0])))
        return found

    monkeypatch.setattr(FixedBase, "secret_power", watched)
    for table in (election.group.of_g, election.y):  # as wide as they get, however often others took them before
        table._uses = 10**6
        table.power(mpz(1))
    ways = set()
    for vote in votes:
        seen.clear()
        ballot.check(election, ballot.cast(election, made.cards[0], [vote], random.Random(1).randrange))
        ways.add(tuple(seen))
    assert len(ways) == 1
    assert len(seen) >= 30


def test_a_power_of_a_secret_takes_as_many_products_whatever_it_is() -> None:
    """Counted by an element that counts: also for 0, 1 and q - 1."""

    class Counting(int):
        count = 0

        def __mul__(self, other: int) -> Counting:
            Counting.count += 1
            return Counting(int(self) * int(other))

        def __mod__(self, other: int) -> Counting:
            return Counting(int(self) % int(other))

    table = FixedBase(BELENIOS_2048, BELENIOS_2048.g)
    table.secret_power(mpz(1))
    rows, width = table._made
    table._made = [[Counting(one) for one in row] for row in rows], width  # type: ignore[misc]
    counts = set()
    for exponent in (0, 1, 2, 63, 64, int(BELENIOS_2048.q) - 1, int(BELENIOS_2048.q) // 3):
        Counting.count = 0
        assert table.secret_power(mpz(exponent)) == BELENIOS_2048.power(BELENIOS_2048.g, mpz(exponent))
        counts.add(Counting.count)
    assert counts == {len(rows) - 1}


def test_a_table_that_another_thread_widens_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever took the narrow rows reads them as such."""
    table, exponent = FixedBase(BELENIOS_2048, BELENIOS_2048.g), mpz(3) ** 150
    table.power(mpz(5))
    narrow = table._made
    plain = FixedBase._table

    def interrupted(self: FixedBase) -> Any:
        found = plain(self)
        monkeypatch.setattr(FixedBase, "_table", plain)
        self._uses = 10**6
        self.power(mpz(7))
        return found

    monkeypatch.setattr(FixedBase, "_table", interrupted)
    assert table.power(exponent) == BELENIOS_2048.power(BELENIOS_2048.g, exponent)
    assert table._made[1] > narrow[1]


def test_threads_fill_a_table_once(monkeypatch: pytest.MonkeyPatch) -> None:
    table, filled = FixedBase(BELENIOS_2048, BELENIOS_2048.g), list[int]()
    plain = FixedBase._filled

    def counted(self: FixedBase, width: int) -> Any:
        filled.append(width)
        return plain(self, width)

    monkeypatch.setattr(FixedBase, "_filled", counted)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _n: table.power(mpz(9)), range(16)))) == 1
    assert len(filled) == 1


@pytest.mark.skipif(quick._LIBRARY is None, reason="powers are computed by GMP here")
def test_what_a_thread_kept_is_freed_when_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    modulus, freed = quick.Modulus(BELENIOS_2048.p), list[Any]()
    free = quick._free

    def seen(*given: Any) -> None:
        freed.append(given)
        free(*given)

    monkeypatch.setattr(quick, "_free", seen)
    for exponent in range(5):
        thread = Thread(target=modulus.power, args=(BELENIOS_2048.g, mpz(exponent)))
        thread.start()
        thread.join()
    gc.collect()
    assert len(freed) == 5
    assert modulus.power(BELENIOS_2048.g, mpz(2)) == BELENIOS_2048.g**2 % BELENIOS_2048.p
