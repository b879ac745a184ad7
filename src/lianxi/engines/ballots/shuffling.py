"""Shuffling ciphertexts with a proof that nothing was changed 混洗 (specification of Belenios 2.0, sections 4.17 and 6).

The proof is that of Terelius and Wikström, in the form of CHVote 1.3.2 (Haenni, Koenig, Locher, Dubuis).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from gmpy2 import mpz, powmod

from .election import Election
from .group import Group
from .proofs import Ciphertext, Draw, read_ciphertext
from .strict import Malformed, big, exactly, fields, many, parsed, written


@dataclass(frozen=True, slots=True)
class ShuffleProof:
    """Commitments t1…t4 and one to each ballot, responses, commitment to the permutation, chain."""

    t: tuple[mpz, mpz, mpz, mpz, mpz]
    t_hat: list[mpz]
    s: tuple[mpz, mpz, mpz, mpz]
    s_hat: list[mpz]
    s_prime: list[mpz]
    c: list[mpz]
    c_hat: list[mpz]

    def told(self) -> list[Any]:
        t1, t2, t3, t41, t42 = map(str, self.t)
        return [
            [t1, t2, t3, [t41, t42], list(map(str, self.t_hat))],
            [*map(str, self.s), list(map(str, self.s_hat)), list(map(str, self.s_prime))],
            list(map(str, self.c)),
            list(map(str, self.c_hat)),
        ]


@dataclass(frozen=True, slots=True)
class Shuffle:
    """To each shuffled question the ciphertexts in their new order and guise, and the proof."""

    ciphertexts: list[list[Ciphertext]]
    proofs: list[ShuffleProof]

    def text(self) -> bytes:
        return written(
            {
                "ciphertexts": [[one.told() for one in each] for each in self.ciphertexts],
                "proofs": [one.told() for one in self.proofs],
            }
        ).encode()


def read_shuffle(text: bytes, where: str) -> Shuffle:
    """The shuffle of a text. Raises Malformed."""
    found = fields(parsed(text), where, "ciphertexts", "proofs")
    one = Shuffle(
        many(found["ciphertexts"], f"{where}.ciphertexts", lambda v, w: many(v, w, read_ciphertext)),
        many(found["proofs"], f"{where}.proofs", _proof),
    )
    exactly(text, {"ciphertexts": found["ciphertexts"], "proofs": [each.told() for each in one.proofs]})
    return one


def _proof(value: Any, where: str) -> ShuffleProof:
    t, s, c, c_hat = _parts(value, where, 4)
    t1, t2, t3, t4, t_hat = _parts(t, where, 5)
    t41, t42 = _parts(t4, where, 2)
    s1, s2, s3, s4, s_hat, s_prime = _parts(s, where, 6)
    return ShuffleProof(
        (big(t1, where), big(t2, where), big(t3, where), big(t41, where), big(t42, where)),
        many(t_hat, where, big),
        (big(s1, where), big(s2, where), big(s3, where), big(s4, where)),
        many(s_hat, where, big),
        many(s_prime, where, big),
        many(c, where, big),
        many(c_hat, where, big),
    )


def _parts(value: Any, where: str, count: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != count:
        raise Malformed("should have {count} parts", where, count=count)
    return value


def generator(group: Group, number: int) -> mpz:
    """An element of which nobody knows the logarithm: a hash, raised into the group."""
    hashed = mpz(sha256(f"ggen|{number}".encode()).hexdigest(), 16)
    found = powmod(hashed, (group.p - 1) // group.q, group.p)
    if found in (0, 1, group.g):
        raise ValueError("no generator")
    return found


def _said(ciphers: Sequence[Ciphertext]) -> str:
    return "".join(f"{one}," for one in ciphers)


def _elements(elements: Sequence[mpz]) -> str:
    return "".join(f"{one}," for one in elements)


def _challenges(group: Group, count: int, text: str) -> list[mpz]:
    first = sha256(text.encode()).hexdigest()
    return [group.hashed(first + sha256(str(at).encode()).hexdigest()) for at in range(count)]


def _challenge(election: Election, t: Sequence[mpz], t_hat: Sequence[mpz], said: str, c_hat: Sequence[mpz]) -> mpz:
    return election.group.hashed(
        f"shuffle-challenge|{election.fingerprint}|{_elements(t)}{_elements(t_hat)}"
        f"{said}{_elements(c_hat)}{election.public_key}"
    )


def shuffled(election: Election, column: Sequence[Ciphertext], draw: Draw) -> tuple[list[Ciphertext], ShuffleProof]:
    """The ciphertexts of one question, re-encrypted and in an order drawn by lot, and the proof."""
    group, q, key = election.group, int(election.group.q), election.public_key
    order = list(range(len(column)))
    for at in range(len(order)):
        other = at + draw(len(order) - at)
        order[at], order[other] = order[other], order[at]
    fresh = [mpz(draw(q)) for _ in column]
    again = [
        Ciphertext(
            one.alpha * group.secret_power(group.g, r) % group.p, one.beta * group.secret_power(key, r) % group.p
        )
        for one, r in zip(column, fresh, strict=True)
    ]
    after = [again[at] for at in order]
    return after, _prove(election, column, after, fresh, order, draw)


def _prove(
    election: Election,
    before: Sequence[Ciphertext],
    after: Sequence[Ciphertext],
    fresh: Sequence[mpz],
    order: Sequence[int],
    draw: Draw,
) -> ShuffleProof:
    group, p, q = election.group, election.group.p, election.group.q
    power, count, key = group.secret_power, len(before), election.public_key
    h, hs = generator(group, -1), [generator(group, at) for at in range(count)]

    def some(number: int) -> list[mpz]:
        return [mpz(draw(int(q))) for _ in range(number)]

    r = some(count)
    c: list[mpz] = [mpz(0)] * count
    for at, place in enumerate(order):
        c[place] = power(group.g, r[place]) * hs[at] % p
    said = _said(before) + _said(after) + _elements(c)
    u = _challenges(group, count, f"shuffle-challenges|{election.fingerprint}|{said}")
    u_prime = [u[place] for place in order]
    r_hat, c_hat, last = some(count), [], h
    for random, one in zip(r_hat, u_prime, strict=True):
        last = power(group.g, random) * power(last, one) % p
        c_hat.append(last)
    w, w_hat, w_prime = some(4), some(count), some(count)
    t3 = power(group.g, w[2])
    t41, t42 = power(key, -w[3] % q), power(group.g, -w[3] % q)
    for base, cipher, exponent in zip(hs, after, w_prime, strict=True):
        t3 = t3 * power(base, exponent) % p
        t41 = t41 * power(cipher.beta, exponent) % p
        t42 = t42 * power(cipher.alpha, exponent) % p
    t = (power(group.g, w[0]), power(group.g, w[1]), t3, t41, t42)
    t_hat = [
        power(group.g, mine) * power(chain, exponent) % p
        for mine, chain, exponent in zip(w_hat, [h, *c_hat[:-1]], w_prime, strict=True)
    ]
    challenge = _challenge(election, t, t_hat, said, c_hat)
    v = [mpz(1)] * count
    for at in range(count - 2, -1, -1):
        v[at] = u_prime[at + 1] * v[at + 1] % q

    def dot(a: Sequence[mpz], b: Sequence[mpz]) -> mpz:
        return sum((x * y for x, y in zip(a, b, strict=True)), mpz(0)) % q

    sums = sum(r, mpz(0)) % q, dot(r_hat, v), dot(r, u), dot(fresh, u)
    s1, s2, s3, s4 = ((mine + challenge * total) % q for mine, total in zip(w, sums, strict=True))
    return ShuffleProof(
        t,
        t_hat,
        (s1, s2, s3, s4),
        [(mine + challenge * one) % q for mine, one in zip(w_hat, r_hat, strict=True)],
        [(mine + challenge * one) % q for mine, one in zip(w_prime, u_prime, strict=True)],
        c,
        c_hat,
    )


def check_shuffle(
    election: Election, before: Sequence[Ciphertext], after: Sequence[Ciphertext], proof: ShuffleProof, where: str
) -> None:
    """Checks that `after` is `before` in another order and guise. Raises Malformed."""
    group, q, count = election.group, election.group.q, len(before)
    lists = (after, proof.t_hat, proof.s_hat, proof.s_prime, proof.c, proof.c_hat)
    if any(len(one) != count for one in lists):
        raise Malformed("has another length than the tally", where)
    elements = [*proof.t, *proof.t_hat, *proof.c, *proof.c_hat, *(x for one in after for x in (one.alpha, one.beta))]
    if not all(group.contains(one) for one in elements):
        raise Malformed("holds something that does not belong to the group", where)
    if any(one >= q for one in (*proof.s, *proof.s_hat, *proof.s_prime)):
        raise Malformed("holds a response that is not below q", where)
    if not _holds(election, before, after, proof):
        raise Malformed("the proof of a shuffle does not hold", where)


def _holds(election: Election, before: Sequence[Ciphertext], after: Sequence[Ciphertext], proof: ShuffleProof) -> bool:
    group, p, q, count = election.group, election.group.p, election.group.q, len(before)
    power, key = group.power, election.public_key
    h, hs = generator(group, -1), [generator(group, at) for at in range(count)]
    said = _said(before) + _said(after) + _elements(proof.c)
    u = _challenges(group, count, f"shuffle-challenges|{election.fingerprint}|{said}")
    c = _challenge(election, proof.t, proof.t_hat, said, proof.c_hat)

    def product(bases: Sequence[mpz], exponents: Sequence[mpz]) -> mpz:
        found = mpz(1)
        for base, exponent in zip(bases, exponents, strict=True):
            found = found * power(base, exponent) % p
        return found

    whole = mpz(1)
    for one in u:
        whole = whole * one % q
    c_bar = group.times(*proof.c) * group.inverse(group.times(*hs)) % p
    c_last = (proof.c_hat[-1] if count else h) * group.inverse(power(h, whole)) % p
    c_tilde = product(proof.c, u)
    alpha, beta = product([one.alpha for one in before], u), product([one.beta for one in before], u)
    s1, s2, s3, s4 = proof.s
    expected = (
        power(c_bar, -c) * power(group.g, s1) % p,
        power(c_last, -c) * power(group.g, s2) % p,
        power(c_tilde, -c) * power(group.g, s3) * product(hs, proof.s_prime) % p,
        power(beta, -c) * power(key, -s4) * product([one.beta for one in after], proof.s_prime) % p,
        power(alpha, -c) * power(group.g, -s4) * product([one.alpha for one in after], proof.s_prime) % p,
    )
    chain = [
        power(mine, -c) * power(group.g, s_hat) * power(last, s_prime) % p
        for mine, last, s_hat, s_prime in zip(
            proof.c_hat, [h, *proof.c_hat[:-1]][:count], proof.s_hat, proof.s_prime, strict=True
        )
    ]
    return expected == proof.t and chain == proof.t_hat
