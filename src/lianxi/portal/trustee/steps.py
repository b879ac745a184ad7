"""What trustees and the organiser do, one function a step: each says what it does, checks what it received, and may be repeated.

Trustees: `new`, `share`, `key`, `decrypt`. The organiser, who holds no secret: `certificates`, `route`, `gather`, `add`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from lianxi.engines.ballots import acts, ceremony, channels, trustees
from lianxi.engines.ballots.archive import Writer
from lianxi.engines.ballots.ceremony import Output, Polynomial
from lianxi.engines.ballots.election import fingerprint
from lianxi.engines.ballots.group import Group
from lianxi.engines.ballots.proofs import Draw
from lianxi.engines.ballots.strict import Malformed, fields, parsed, small, written
from lianxi.engines.ballots.tally import PartialDecryption, check_decryption, partly_decrypted, read_decryption
from lianxi.engines.ballots.trustees import Pedersen, PublicKey, Signed, Single, Trustees
from lianxi.engines.ballots.verifying import Report, verify
from lianxi.portal.starting.words import Trouble

from .keeping import CERTIFICATE, KEY, OUTPUT, POLYNOMIAL, PUBLIC, Secret, got, listed, put, seal, unseal

T = TypeVar("T")
OPENABLE = {"EncryptedTally", "EndShuffles", "PartialDecryption"}


def _read(path: Path, read: Callable[[], T]) -> T:
    """What `read` makes of a file; what is wrong with it is told with its name."""
    try:
        return read()
    except Malformed as problem:
        raise Trouble(f"{path.name}：{problem.said('zh')}。", f"{path.name}: {problem.said('en')}.") from None


def code(text: bytes) -> str:
    """Eight signs by which people compare two texts aloud."""
    return fingerprint(text)[:8]


def new(
    folder: Path, group: Group, name: str, passphrase: str, *, alone: bool, draw: Draw, cost: int | None = None
) -> Path:
    """Makes a trustee's secret and what is given to the organiser: a certificate, or the public key of one alone."""
    extra = {} if cost is None else {"cost": cost}
    if alone:
        secret, public = ceremony.alone(group, draw)
        seal(folder, Secret(group, name, True, str(secret)), passphrase, **extra)
        put(folder / PUBLIC, written(public.told()).encode())
        return folder / PUBLIC
    seed = channels.seed(draw)
    seal(folder, Secret(group, name, False, seed), passphrase, **extra)
    put(folder / CERTIFICATE, written(ceremony.certificate(channels.Keys(group, seed), draw).told()).encode())
    return folder / CERTIFICATE


def _signed(group: Group, path: Path) -> Signed:
    return _read(path, lambda: ceremony.signed(group, parsed(got(path)), ""))


def _certificates(group: Group, path: Path) -> list[Signed]:
    found = listed(path)
    return _read(path, lambda: [ceremony.signed(group, one, f"[{at}]") for at, one in enumerate(found)])


def certificates(group: Group, paths: Sequence[Path], to: Path) -> str:
    """Organiser: all certificates in one list, in this order, which is the trustees' number. Gives the code to compare."""
    found = [_signed(group, path) for path in paths]
    _read(to, lambda: ceremony.read_certificates(group, found))
    text = written([one.told() for one in found]).encode()
    put(to, text)
    return code(text)


def share(folder: Path, passphrase: str, listing: Path, threshold: int, draw: Draw) -> str:
    """Trustee: checks the list and makes a share for each. A second time with the same list it changes nothing: other
    trustees may have used the first. Gives the code of the list."""
    secret = unseal(folder, passphrase)
    found = _certificates(secret.group, listing)
    text = written([one.told() for one in found]).encode()
    done = folder / POLYNOMIAL
    if done.exists():
        if got(folder / "certificates.json") != text:
            raise Trouble(
                f"{folder}里已经为另一份名单做过份额。换名单要从头开始，用新的文件夹。",
                f"{folder} holds shares for another list. Another list means beginning again, with a new folder.",
            )
        return code(text)
    try:
        made = _read(listing, lambda: ceremony.polynomial(secret.keys, found, threshold, draw))
    except ValueError:
        raise Trouble(
            f"门限{threshold}不合：共{len(found)}人。",
            f"A threshold of {threshold} does not fit {len(found)} trustees.",
        ) from None
    put(folder / "certificates.json", text)
    put(done, written(made.told()).encode())
    return code(text)


def route(group: Group, listing: Path, polynomials: Sequence[Path], to: Path) -> list[Path]:
    """Organiser: sorts the shares into one file for each trustee, in the order of the list."""
    if len(_certificates(group, listing)) != len(polynomials):
        raise Trouble("份额文件的个数与名单不同。", "There are more or fewer files of shares than names in the list.")
    found = [_polynomial(group, path) for path in polynomials]
    given = _read(listing, lambda: ceremony.routed(found))
    paths = [to / f"for-trustee-{at}.json" for at in range(1, len(given) + 1)]
    for path, one in zip(paths, given, strict=True):
        put(path, written(one.told()).encode())
    return paths


def _polynomial(group: Group, path: Path) -> Polynomial:
    return _read(path, lambda: ceremony.read_polynomial(group, got(path), ""))


def _output(group: Group, path: Path) -> Output:
    return _read(path, lambda: ceremony.read_output(group, got(path), ""))


def key(folder: Path, passphrase: str, given: Path, draw: Draw) -> Path:
    """Trustee: checks every share that was received and makes the own key of them."""
    secret = unseal(folder, passphrase)
    if not (folder / POLYNOMIAL).exists():
        raise Trouble(
            "还没有做份额。请先运行：lianxi trustee share",
            "The shares are not made yet. Run first: lianxi trustee share",
        )
    names = _certificates(secret.group, folder / "certificates.json")
    mine = _read(given, lambda: ceremony.read_input(secret.group, got(given), ""))
    made = _read(given, lambda: ceremony.output(secret.keys, names, mine, draw))
    put(folder / OUTPUT, written(made.told()).encode())
    return folder / OUTPUT


def gather(
    group: Group,
    listing: Path | None,
    polynomials: Sequence[Path],
    outputs: Sequence[Path],
    alone: Sequence[Path],
    to: Path,
) -> str:
    """Organiser: the trustees of the election in one file, everything in it checked. Gives its code, and says the key."""
    parts: list[Single | Pedersen] = [Single(_public(group, path)) for path in alone]
    if listing is not None:
        spread = [_polynomial(group, path) for path in polynomials]
        threshold = _read(listing, lambda: ceremony.threshold_of(spread))
        outs = [_output(group, path) for path in outputs]
        names = _certificates(group, listing)
        if not len(names) == len(spread) == len(outs):
            raise Trouble("文件的个数与名单不同。", "There are more or fewer files than names in the list.")
        parts.append(ceremony.together(group, threshold, names, spread, outs))
    if not parts:
        raise Trouble("没有监票人。", "There are no trustees.")
    who = Trustees(tuple(parts))
    _read(to, lambda: trustees.combined(group, who))
    put(to, who.text())
    return code(who.text())


def _public(group: Group, path: Path) -> PublicKey:
    return _read(path, lambda: ceremony.read_public(group, parsed(got(path)), ""))


def decrypt(
    folder: Path, passphrase: str, archive: Path, *, attended: int, credentials: str | None, draw: Draw,
    judge: Callable[[Path], Report] | None = None,
) -> tuple[Path, int]:  # fmt: skip
    """Trustee: opens the own share of the sum, only after the strict verifier found everything right and the number of
    ballots is that of the signed attendance. Gives the file for the organiser and the trustee's number."""
    report = judge(archive) if judge else _judged(archive)
    if not report.green:
        raise Trouble(
            f"档案核验不通过，不解密：{report.wrong[0].said('zh')}",
            f"The archive does not hold and is not opened: {report.wrong[0].said('en')}",
        )
    if report.phase not in OPENABLE:
        raise Trouble(
            "还没有到解密的时候，或已经有结果。", "It is not yet time to open it, or there is a result already."
        )
    if report.counted != attended:
        raise Trouble(
            f"计入{report.counted}张选票，签到名单上是{attended}人，不解密。请先查清。",
            f"{report.counted} ballots are counted and {attended} signed the attendance list: not opened. Find out first.",
        )
    if credentials is not None and credentials.rstrip("=") != report.credentials_fingerprint:
        raise Trouble(
            "凭证名单的指纹与签字的不同，不解密。",
            "The list of credentials is not the one that was signed: not opened.",
        )
    secret = unseal(folder, passphrase)
    content = acts.Content(archive)
    private = secret.private if secret.alone else _private(folder, secret)
    mine = content.election.group.secret_power(content.election.group.g, private)
    if mine not in content.trustees.keys:
        raise Trouble("这次选举的监票人里没有这把密钥。", "This key is not among the trustees of this election.")
    owner = content.trustees.keys.index(mine) + 1
    if owner in content.shares:
        raise Trouble("这位监票人已经解密过。", "This trustee has decrypted already.")
    share_ = partly_decrypted(content.election, content.columns, private, draw)
    path = folder / f"decryption-{owner}.json"
    put(path, written({"owner": owner, "decryption": parsed(share_.text())}).encode())
    return path, owner


def _judged(archive: Path) -> Report:
    with archive.open("rb") as file:
        return verify(file)


def _private(folder: Path, secret: Secret) -> object:
    path = folder / OUTPUT
    if not path.exists():
        raise Trouble(
            "这位监票人还没有生成自己的密钥。请先运行：lianxi trustee key",
            "This trustee's key is not made yet. Run first: lianxi trustee key",
        )
    return _read(path, lambda: ceremony.private_key(secret.keys, _output(secret.group, path).private_key))


def add(archive: Path, shares: Sequence[Path]) -> int:
    """Organiser: adds trustees' shares to the archive, each checked, and the result once there are enough. Gives how many
    are still missing."""
    for path in shares:
        content = acts.Content(archive)
        owner, one = _read(path, partial(_share_of, content, got(path)))
        if acts.wanted(content, owner):
            acts.add_share(Writer.resume(archive), owner, one)
    content = acts.Content(archive)
    missing = acts.missing(content)
    if not missing:
        acts.publish(Writer.resume(archive), content)
    return missing


def _share_of(content: acts.Content, text: bytes) -> tuple[int, PartialDecryption]:
    """A trustee's number and share, checked. Raises Malformed."""
    found = fields(parsed(text), "", "owner", "decryption")
    owner, keys, election = small(found["owner"], "owner"), content.trustees.keys, content.election
    if not 1 <= owner <= len(keys):
        raise Malformed("its owner is no trustee, or has decrypted before", "owner")
    share_ = read_decryption(election.group, written(found["decryption"]).encode(), "")
    check_decryption(election, content.columns, keys[owner - 1], share_, "")
    return owner, share_


def status(folder: Path) -> tuple[str, str]:
    """What is done in a folder and what comes next."""
    have = {name for name in (KEY, CERTIFICATE, POLYNOMIAL, OUTPUT, PUBLIC) if (folder / name).exists()}
    if KEY not in have:
        return "还没有密钥。下一步：lianxi trustee new", "No key yet. Next: lianxi trustee new"
    if any(folder.glob("decryption-*.json")):
        return "已解密。把decryption-….json交给组织者。", "Decrypted. Give decryption-….json to the organiser."
    if PUBLIC in have or OUTPUT in have:
        return (
            f"密钥已生成。把{PUBLIC if PUBLIC in have else OUTPUT}交给组织者；投票结束后：lianxi trustee decrypt",
            f"The key is made. Give {PUBLIC if PUBLIC in have else OUTPUT} to the organiser; after the vote: lianxi trustee decrypt",
        )
    if POLYNOMIAL in have:
        return f"份额已做好。把{POLYNOMIAL}交给组织者；拿到自己的一份后：lianxi trustee key", f"The shares are made. Give {POLYNOMIAL} to the organiser; with your own file: lianxi trustee key"  # fmt: skip
    return (
        f"把{CERTIFICATE}交给组织者；拿到名单后：lianxi trustee share",
        f"Give {CERTIFICATE} to the organiser; with the list: lianxi trustee share",
    )
