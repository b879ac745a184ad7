"""Hints make verification faster and change nothing of what is found: not for whoever forges archives, nor hints, nor both."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import invert, is_prime, mpz
from hypothesis import given
from hypothesis import strategies as st

from lianxi.engines.ballots import ballot, batch, checking, credentials, hints, products, proofs
from lianxi.engines.ballots.archive import EventType
from lianxi.engines.ballots.batch import Batch, power_of_root
from lianxi.engines.ballots.claims import claims
from lianxi.engines.ballots.group import BELENIOS_2048, GROUPS, Group
from lianxi.engines.ballots.strict import Malformed, parsed, written
from lianxi.engines.ballots.verifying import Report, verify
from lianxi.portal import command
from tests.draws import draws

from .small import VOTES, Small, changed, rebuilt, small, taken_apart
from .test_chinese import FORM, begun, drawn
from .test_mutations import PLAIN, SHUFFLED, Change, every, step
from .test_voters import FORBIDDEN, honest, refused, signed

G = BELENIOS_2048
ROOT = invert(mpz(G.small), G.q)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(tmp_path_factory.mktemp("shuffled"), shuffled=True)


def hints_of(archive: bytes) -> bytes:
    """The hints of an archive, as far as it can be read."""
    found = []
    try:
        for piece in hints.made(io.BytesIO(archive)):
            found.append(piece)
    except Malformed:
        pass
    return b"".join(found)


def told(report: Report) -> tuple[Any, ...]:
    """What a report says of the archive: all that was found, or what is wrong and where. (How far a red one was read, and so its
    counts, depends on how many ballots are checked at once.)"""
    return (report if report.green else None), [(one.why, one.where, one.facts) for one in report.wrong]


def both(archive: bytes, given: bytes | None = None) -> tuple[Report, Report]:
    """What is found without and with hints; by default those that were made for this archive."""
    exact = verify(io.BytesIO(archive))
    return exact, verify(io.BytesIO(archive), hints=io.BytesIO(hints_of(archive) if given is None else given))


# Groups, powers, equations


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
def test_no_small_prime_but_those_named_divides_the_cofactor(group: Group) -> None:
    """What the soundness of the windows stands on: (p - 1)/(q · small) has no prime below 2^20, and small divides p - 1 wholly."""
    assert is_prime(group.p)
    assert is_prime(group.q)
    rest, remains = divmod(group.p - 1, group.q * group.small)
    assert remains == 0
    sieve = bytearray([1]) * (1 << batch.WIDEST)
    for number in range(2, len(sieve)):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, len(sieve), number)))
            assert rest % number, number


@given(st.lists(st.tuples(st.integers(1, int(G.p) - 1), st.integers(0, 2**70)), max_size=9), st.integers(1, 12))
def test_products_of_powers(pairs: list[tuple[int, int]], width: int) -> None:
    bases, exponents = [mpz(base) for base, _e in pairs], [exponent for _b, exponent in pairs]
    windows = products.windowed(G.p, bases, exponents, width, -(-71 // width))
    assert products.joined(G.p, windows, width) == powers(pairs)


def powers(pairs: list[tuple[int, int]]) -> int:
    wanted = 1
    for base, exponent in pairs:
        wanted = wanted * pow(base, exponent, int(G.p)) % int(G.p)
    return wanted


@given(st.lists(st.tuples(st.integers(1, int(G.p) - 1), st.integers(0, int(G.q) - 1)), max_size=9))
def test_products_of_whole_powers(pairs: list[tuple[int, int]]) -> None:
    assert products.product(G.p, [mpz(base) for base, _e in pairs], [exponent for _b, exponent in pairs]) == powers(
        pairs
    )


@pytest.mark.parametrize("count", [30, 600])
def test_products_of_few_and_of_many(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bases have tables of their own, many share windows: one result."""
    lot, taken = random.Random(count), []
    plain = products._few
    monkeypatch.setattr(products, "_few", lambda *given: taken.append(1) or plain(*given))
    pairs = [(lot.randrange(1, int(G.p)), lot.randrange(int(G.q))) for _ in range(count)]
    assert products.product(G.p, [mpz(base) for base, _e in pairs], [exponent for _b, exponent in pairs]) == powers(
        pairs
    )
    assert bool(taken) == (count == 30)


@given(st.integers(1, 200_000), st.sampled_from([batch.ON_ARRIVAL, batch.SECURITY]))
def test_windows_have_all_bits_and_none_is_too_wide(count: int, bits: int) -> None:
    width, each, windows = batch._windows(count, bits)
    assert width * each * windows >= bits
    assert width * each <= batch.WIDEST


@given(st.integers(1, int(G.p) - 1), st.sampled_from([1, 2, 6, 42]))
def test_small_powers(root: int, small_power: int) -> None:
    assert power_of_root(mpz(root), small_power, G.p) == pow(mpz(root), small_power, G.p)


def equations(made: Small, count: int, lot: random.Random) -> Batch:
    found = Batch(G, made.election.y)
    base = G.power(G.g, mpz(lot.randrange(int(G.q))))
    found.add(base, base, 1)
    for _ in range(count):
        a, b, c = (mpz(lot.randrange(int(G.q))) for _ in range(3))
        found.add(G.times(G.power(G.g, a), made.election.y.power(b), G.power(base, c)), base, c, a, b)
    return found


STRANGERS: list[tuple[str, Callable[[mpz], mpz]]] = [
    ("an element of the group", lambda z: G.power(G.g, z)),
    ("of order 2", lambda _z: G.p - 1),
    ("of order 3", lambda z: pow(z, (G.p - 1) // 3, G.p)),
    ("of order 6", lambda z: pow(z, (G.p - 1) // 6, G.p)),
    ("outside, an order of large primes only", lambda z: pow(z, 6 * G.q, G.p)),
    ("of any order", lambda z: z),
]


@pytest.mark.parametrize("stranger", [pytest.param(f, id=n) for n, f in STRANGERS if "order of" in n or "of the" in n])
def test_one_wrong_equation_among_many_is_found(stranger: Callable[[mpz], mpz], made: Small) -> None:
    """The factor that is wrong may lie in the group or outside. (One of a small order would be found only if the coefficient is
    no multiple of it; so nothing with such a part may come so far: the next test but two.)"""
    lot = random.Random(5)
    for count in (1, 7, 60):
        assert equations(made, count, lot).hold()
    found = 0
    for _ in range(8):
        one = equations(made, 12, lot)
        at = lot.randrange(13)
        one.elements[at] = one.elements[at] * stranger(mpz(lot.randrange(2, int(G.p)))) % G.p
        found += not one.hold()
    assert found == 8


def test_two_wrong_equations_do_not_cancel(made: Small) -> None:
    lot = random.Random(6)
    one = equations(made, 5, lot)
    one.elements[1] = one.elements[1] * G.g % G.p
    one.elements[2] = one.elements[2] * G.inverse(G.g) % G.p
    assert not one.hold()


def test_a_product_of_what_was_taken_back_is_forgotten(made: Small) -> None:
    """Of two ballots with the same sum only the first says of what; taken back, it says nothing."""
    lot = random.Random(9)
    one = equations(made, 5, lot)
    a, b, stranger = (G.power(G.g, mpz(lot.randrange(int(G.q)))) for _ in range(3))
    total, strange = a * b % G.p, mpz(lot.randrange(2, int(G.p)))
    before = one.mark()
    one.product(total, [strange, total * G.inverse(strange) % G.p])
    one.add(stranger, stranger, 2)
    one.back_to(before)
    one.add(a, a, 1)
    one.add(b, b, 1)
    one.product(total, [a, b])
    one.product(total, [strange, total * G.inverse(strange) % G.p])
    one.add(G.power(total, mpz(5)), total, 5)
    assert one.hold()
    one.add(G.power(total, mpz(5)), total, 6)
    assert not one.hold()


def test_coefficients_that_were_known_would_let_everything_pass(made: Small) -> None:
    """So they are drawn by the system when everything is fixed; of this the test above would see nothing."""
    one = equations(made, 5, random.Random(7))
    one.elements[1] = one.elements[1] * G.g % G.p
    one._draw = bytes
    assert one.hold()
    assert Batch(G, made.election.y)._draw is not bytes


def test_roots_never_give_what_has_a_part_of_small_order() -> None:
    lot = random.Random(8)
    for _ in range(20):
        element = power_of_root(mpz(lot.randrange(1, int(G.p))), G.small, G.p)
        assert pow(element, (G.p - 1) // G.small, G.p) == 1
    for _name, stranger in STRANGERS[1:4]:
        assert pow(stranger(mpz(7)), (G.p - 1) // G.small, G.p) != 1


# Whole archives


@pytest.mark.parametrize("which", ["made", "mixed"])
def test_right_hints_are_used_for_every_ballot(which: str, request: pytest.FixtureRequest) -> None:
    archive = request.getfixturevalue(which).path.read_bytes()
    exact, hinted = both(archive)
    assert exact.green
    assert told(exact) == told(hinted)
    assert (exact.hinted, hinted.hinted) == (0, exact.ballots)
    with ProcessPoolExecutor(2) as pool:
        apart = verify(io.BytesIO(archive), executor=pool, hints=io.BytesIO(hints_of(archive)))
        assert b"".join(hints.made(io.BytesIO(archive), executor=pool)) == hints_of(archive)
    assert told(apart) == told(exact)
    assert apart.hinted == exact.ballots


def test_right_hints_of_a_chinese_ballot(tmp_path: Path) -> None:
    vote = begun(tmp_path, FORM, 3)
    exact = vote.finish([vote.cast(at, *drawn(vote.lot, FORM)) for at in range(3)])
    _exact, hinted = both(vote.path.read_bytes())
    assert told(exact) == told(hinted)
    assert hinted.hinted == 3


@pytest.mark.slow
@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in PLAIN])
def test_each_forgery_with_its_own_hints(change: Change, why: str, made: Small) -> None:
    exact, hinted = both(rebuilt(change(taken_apart(made.path), made)))
    assert [one.why for one in hinted.wrong] == [why]
    assert told(exact) == told(hinted)


@pytest.mark.slow
@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in SHUFFLED])
def test_each_forgery_of_a_shuffle_with_its_own_hints(change: Change, why: str, mixed: Small) -> None:
    exact, hinted = both(rebuilt(change(taken_apart(mixed.path), mixed)))
    assert [one.why for one in hinted.wrong] == [why]
    assert told(exact) == told(hinted)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["made", "mixed"])
def test_no_single_leaf_can_be_changed_under_hints(which: str, request: pytest.FixtureRequest) -> None:
    one: Small = request.getfixturevalue(which)
    items, places = taken_apart(one.path), every(one)
    few = draws(25, len(places))
    for at, path in places if few >= len(places) else random.Random(1).sample(places, few):
        forged = rebuilt([*items[:at], replace(items[at], text=changed(items[at].text, path)), *items[at + 1 :]])
        exact, hinted = both(forged)
        assert not hinted.green, (at, path)
        assert told(exact) == told(hinted), (at, path)


def with_ballot(one: Small, text: bytes, nth: int) -> bytes:
    """The archive with another nth ballot."""
    items = taken_apart(one.path)
    begin, _end = step(items, EventType.BALLOT, nth)
    return rebuilt([*items[:begin], replace(items[begin], text=text), *items[begin + 1 :]])


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in FORBIDDEN])
def test_each_forbidden_ballot_among_good_ones(change: Callable[[Any], Any], why: str, made: Small) -> None:
    """Signed by its voter, in the second place: the hints of the others are right, and it is named by reason and event."""
    value = honest(made, 1)
    change(value)
    exact, hinted = both(with_ballot(made, signed(made.election, made.cards[1], value, made.draw), 1))
    assert [one.why for one in hinted.wrong] == [why]
    assert "event 2" in hinted.wrong[0].where
    assert told(exact) == told(hinted)


def alone(one: Small, text: bytes) -> tuple[ballot.Ballot, bytes]:
    """A ballot with the hints that its maker can send along."""
    return ballot.read_ballot(one.election, text), hints.record(one.election, text)[hints.COUNT :]


def test_one_ballot_is_right_by_its_own_hints_and_by_no_others(made: Small) -> None:
    lot = random.Random(13)
    first, given = alone(made, ballot.cast(made.election, made.cards[0], VOTES[0], made.draw).text)
    _other, others = alone(made, ballot.cast(made.election, made.cards[0], VOTES[0], made.draw).text)
    assert hints.right(made.election, first, given)
    assert not hints.right(made.election, first, others)
    for wrong in (b"", given[:-1], given + b"0", given[256:], given + given[:256], bytes(len(given)), b"\xff" * 256):
        assert not hints.right(made.election, first, wrong)
    for _ in range(draws(20, 600)):
        at = lot.randrange(len(given))
        assert not hints.right(
            made.election, first, given[:at] + bytes([given[at] ^ 1 << lot.randrange(8)]) + given[at + 1 :]
        )


@pytest.mark.parametrize("wrong", [(), (1,), (0, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize("how", ["hints of another", "no hints", "a wrong proof"])
def test_of_several_each_is_right_by_its_own(wrong: tuple[int, ...], how: str, made: Small) -> None:
    asked = [
        alone(made, ballot.cast(made.election, card, VOTES[0], made.draw).text) for card in (*made.cards, made.cards[0])
    ]
    strange = alone(made, ballot.cast(made.election, made.cards[0], VOTES[0], made.draw).text)[1]
    for at in wrong:
        if how == "a wrong proof":  # whose hints say what it commits to
            value = honest(made, at % 3)
            value["answers"][0]["overall_proof"][0]["response"] = "1"
            asked[at] = alone(made, signed(made.election, made.cards[at % 3], value, made.draw))
        else:
            asked[at] = asked[at][0], strange if how == "hints of another" else b""
    assert hints.each_right(made.election, asked) == [at not in wrong for at in range(4)]


@pytest.mark.parametrize(("change", "why"), [pytest.param(c, w, id=n) for n, c, w in FORBIDDEN])
def test_no_forbidden_ballot_is_right_by_its_own_hints(change: Callable[[Any], Any], why: str, made: Small) -> None:
    value = honest(made, 1)
    change(value)
    text = signed(made.election, made.cards[1], value, made.draw)
    given = hints.record(made.election, text)[hints.COUNT :]
    if given:  # it can be read
        assert not hints.right(made.election, ballot.read_ballot(made.election, text), given)
    else:
        assert refused(made.election, text) == why


def records(whole: bytes) -> tuple[bytes, list[bytes]]:
    """First line and records of a file of hints, each with its count."""
    head, _line, rest = whole.partition(b"\n")
    found = []
    while rest:
        length = 4 + 256 * int.from_bytes(rest[:4], "big")
        found.append(rest[:length])
        rest = rest[length:]
    return head + b"\n", found


def spoiled(whole: bytes, lot: random.Random) -> bytes:
    """Hints to which something was done by chance or on purpose."""
    head, parts = records(whole)
    at, other = lot.sample(
        [at for at, part in enumerate(parts) if len(part) > 4], 2
    )  # a ballot that cannot be read has none
    place = 4 + 256 * lot.randrange((len(parts[at]) - 4) // 256)
    element = parts[at][place : place + 256]

    def put(new: bytes) -> bytes:
        return head + b"".join([*parts[:at], parts[at][:place] + new + parts[at][place + 256 :], *parts[at + 1 :]])

    def number(value: mpz) -> bytes:
        return put(int(value).to_bytes(256, "big"))

    root = mpz(int.from_bytes(element, "big"))
    return lot.choice(
        (
            lambda: number(G.p - root),  # the same power: harmless
            lambda: number(root * pow(mpz(lot.randrange(2, 99)), (G.p - 1) // 6, G.p) % G.p),  # the same again
            lambda: number(root * G.g % G.p),
            lambda: number(root * pow(mpz(lot.randrange(2, 99)), G.q, G.p) % G.p),
            lambda: number(mpz(0)),
            lambda: number(mpz(1)),
            lambda: number(G.p),
            lambda: put(b"\xff" * 256),
            lambda: head + b"".join(parts[::-1]),
            lambda: head + b"".join([*parts[:at], parts[other], *parts[at + 1 :]]),
            lambda: head + b"".join([*parts[:at], bytes(4), *parts[at + 1 :]]),
            lambda: head + b"".join(parts[:at]) + b"\xff\xff\xff\xff" + b"".join(parts[at:]),
            lambda: head + b"".join(parts[:at]) + b"\x00\x00\x00\x01" + bytes(256) + b"".join(parts[at:]),
            lambda: whole[: lot.randrange(len(whole))],
            lambda: whole[: lot.randrange(len(whole))] + lot.randbytes(700),
            lambda: b"x" + whole[1:],
            lambda: b"",
        )
    )()


def test_spoiled_hints_change_nothing_of_a_green_archive(made: Small) -> None:
    archive, lot = made.path.read_bytes(), random.Random(9)
    right = hints_of(archive)
    exact = verify(io.BytesIO(archive))
    for _ in range(draws(25, 600)):
        report = verify(io.BytesIO(archive), hints=io.BytesIO(spoiled(right, lot)))
        assert told(report) == told(exact)


def test_spoiled_hints_make_no_red_archive_green(made: Small) -> None:
    lot = random.Random(10)
    for _ in range(draws(20, 600)):
        name, change, why = lot.choice(FORBIDDEN)
        value = honest(made, 1)
        change(value)
        archive = with_ballot(made, signed(made.election, made.cards[1], value, made.draw), 1)
        for help_ in (spoiled(hints_of(made.path.read_bytes()), lot), spoiled(hints_of(archive), lot)):
            report = verify(io.BytesIO(archive), hints=io.BytesIO(help_))
            assert [one.why for one in report.wrong] == [why], name


@pytest.mark.parametrize("stranger", [pytest.param(f, id=n) for n, f in STRANGERS[1:]])
def test_a_forger_who_makes_ballot_and_hints_together(stranger: Callable[[mpz], mpz], made: Small) -> None:
    """The signature's commitment times something outside the group, hashed to a challenge that fits: nothing but the equations and
    the windows can tell, and they do; or no root exists."""
    election, lot = made.election, random.Random(11)
    text = ballot.cast(election, made.cards[1], VOTES[1], made.draw).text
    honest_ballot = ballot.read_ballot(election, text)
    nonce = mpz(lot.randrange(int(G.q)))
    factor = stranger(mpz(lot.randrange(2, int(G.p))))
    commitment = G.power(G.g, nonce) * factor % G.p
    secret = credentials.secret_of(G, election.uuid, made.cards[1])
    challenge = G.hashed(proofs.of_ballot(honest_ballot.digest)(commitment))
    proof = proofs.Proof(challenge, (nonce - secret * challenge) % G.q)
    value = parsed(text)
    value["signature"]["proof"] = proof.told()
    forged = written(value).encode()
    roots = [
        root
        for claim in claims(election, ballot.read_ballot(election, forged))
        for root in claim.roots(G, election.y, ROOT)
    ]
    if (
        pow(factor, (G.p - 1) // 6, G.p) == 1
    ):  # it has a root: x -> x^6 is onto the elements without a part of small order
        order = (G.p - 1) // 6
        roots[0] = G.power(G.g, nonce * ROOT) * pow(factor, invert(mpz(6), order), G.p) % G.p
        assert power_of_root(roots[0], G.small, G.p) == commitment
    given = len(roots).to_bytes(4, "big") + b"".join(int(one).to_bytes(256, "big") for one in roots)
    archive = with_ballot(made, forged, 1)
    head, parts = records(hints_of(archive))
    hinted = verify(io.BytesIO(archive), hints=io.BytesIO(head + parts[0] + given + b"".join(parts[2:])))
    exact = verify(io.BytesIO(archive))
    assert [one.why for one in exact.wrong] == ["the signature does not hold"]
    assert told(hinted) == told(exact)


def test_hints_that_mislead_are_dropped_after_the_first_batch(made: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is wrong throughout costs one batch, not one a batch."""
    monkeypatch.setattr(checking, "TOGETHER", 2)
    archive = made.path.read_bytes()
    head, parts = records(hints_of(archive))
    wrong = []
    for part in parts:  # a root that is right for the hash of nothing
        root = mpz(int.from_bytes(part[4:260], "big")) * G.g % G.p
        wrong.append(part[:4] + int(root).to_bytes(256, "big") + part[260:])
    batches = 0
    hold = Batch.hold

    def counted(self: Batch) -> bool:
        nonlocal batches
        batches += bool(self.elements)
        return hold(self)

    monkeypatch.setattr(Batch, "hold", counted)
    report = verify(io.BytesIO(archive), hints=io.BytesIO(head + b"".join(wrong)))
    assert report.green
    assert (report.hinted, batches) == (0, 0)  # the hashes tell already
    report = verify(io.BytesIO(archive), hints=io.BytesIO(head + b"".join(parts)))
    assert (report.hinted, batches) == (4, 2)


def test_the_commands(made: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "hints"
    assert command.main(["ballots", "hints", str(made.path), "--to", str(to)]) == 0
    assert to.read_bytes() == hints_of(made.path.read_bytes())
    assert command.main(["ballots", "hints", str(made.path), "--to", str(to)]) == 1  # not overwritten
    capsys.readouterr()
    assert command.main(["verify", "election", str(made.path), "--hints", str(to)]) == 0
    assert "提示文件用于4张选票中的4张" in capsys.readouterr().out
    to.write_bytes(b"something else")
    assert command.main(["verify", "election", str(made.path), "--hints", str(to)]) == 0
    assert "4张选票中的0张" in capsys.readouterr().out
    assert command.main(["verify", "election", str(made.path), "--hints", str(tmp_path / "none")]) == 1
    bad = tmp_path / "bad.bel"
    bad.write_bytes(made.path.read_bytes()[:3000])
    assert command.main(["ballots", "hints", str(bad), "--to", str(tmp_path / "x")]) == 1
    assert not list(tmp_path.glob("x*"))
