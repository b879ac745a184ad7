"""`lianxi trustee …`: what a trustee or the organiser types; every step says what it did and what comes next."""

from __future__ import annotations

import argparse
import getpass
import secrets
from collections.abc import Callable
from pathlib import Path

from lianxi.engines.ballots.group import BELENIOS_2048, GROUPS, Group
from lianxi.portal.reckoning.election import checked
from lianxi.portal.starting.acts import Act
from lianxi.portal.starting.words import Trouble, say

from . import steps
from .keeping import got

Run = Callable[[argparse.Namespace], None]


def _passphrase(asked: argparse.Namespace, *, twice: bool = False) -> str:
    if asked.passphrase_file:
        return got(asked.passphrase_file).decode()
    first = getpass.getpass("口令 · passphrase: ")
    if twice and getpass.getpass("再输一次 · once more: ") != first:
        raise Trouble("两次输入的口令不同。", "The two passphrases differ.")
    return first


def _group(asked: argparse.Namespace) -> Group:
    return GROUPS[asked.group]


def _new(asked: argparse.Namespace) -> None:
    path = steps.new(asked.folder, _group(asked), asked.name, _passphrase(asked, twice=True), alone=asked.alone, draw=secrets.randbelow)  # fmt: skip
    say(
        f"✓ 密钥已生成，用口令锁着。请把{path}交给组织者。",
        f"  The key is made and locked with the passphrase. Give {path} to the organiser.",
    )
    say("  口令忘了就打不开，没有人能找回。", "  Without the passphrase it cannot be opened, by anybody.")


def _certificates(asked: argparse.Namespace) -> None:
    code = steps.certificates(_group(asked), asked.files, asked.to)
    say(f"✓ {len(asked.files)}人的名单在{asked.to}。请大家当面核对这八个字符：{code}", f"  The list of {len(asked.files)} is in {asked.to}. Compare these eight signs aloud: {code}")  # fmt: skip


def _share(asked: argparse.Namespace) -> None:
    code = steps.share(asked.folder, _passphrase(asked), asked.list, asked.threshold, secrets.randbelow)
    say(f"✓ 名单核对无误（{code}），份额已做好。请把{asked.folder}/polynomial.json交给组织者。", f"  The list holds ({code}), the shares are made. Give {asked.folder}/polynomial.json to the organiser.")  # fmt: skip


def _route(asked: argparse.Namespace) -> None:
    paths = steps.route(_group(asked), asked.list, asked.files, asked.to)
    say(
        f"✓ 请把这些文件分别交给各位监票人：{'、'.join(map(str, paths))}",
        f"  Give these files to the trustees, each the own: {', '.join(map(str, paths))}",
    )


def _key(asked: argparse.Namespace) -> None:
    path = steps.key(asked.folder, _passphrase(asked), asked.file, secrets.randbelow)
    say(f"✓ 收到的每一份都核对无误，密钥已生成。请把{path}交给组织者，文件夹留到计票。", f"  Every share that came is right; the key is made. Give {path} to the organiser; keep the folder until the count.")  # fmt: skip


def _gather(asked: argparse.Namespace) -> None:
    code = steps.gather(_group(asked), asked.list, asked.polynomials, asked.outputs, asked.alone, asked.to)
    say(
        f"✓ 监票人的公钥在{asked.to}。请大家当面核对：{code}",
        f"  The trustees' keys are in {asked.to}. Compare aloud: {code}",
    )


def _decrypt(asked: argparse.Namespace) -> None:
    path, owner = steps.decrypt(
        asked.folder, _passphrase(asked), asked.archive, attended=asked.attended,
        credentials=asked.credentials_fingerprint, draw=secrets.randbelow, judge=checked,
    )  # fmt: skip
    say(f"✓ 档案核验通过，张数与签到相符，第{owner}位监票人已解密。请把{path}交给组织者。", f"  The archive holds and its number is that of the attendance; trustee {owner} has decrypted. Give {path} to the organiser.")  # fmt: skip


def _add(asked: argparse.Namespace) -> None:
    missing = steps.add(asked.archive, asked.files)
    if missing:
        say(f"✓ 已加入，还差{missing}份。", f"  Added; {missing} still missing.")
    else:
        say(f"✓ 解密齐了，结果已写入。请核验：lianxi verify election {asked.archive}", f"  All are there; the result is in. Verify: lianxi verify election {asked.archive}")  # fmt: skip


def _status(asked: argparse.Namespace) -> None:
    say(*steps.status(asked.folder))


def _arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="step", metavar="…", required=True)

    def one(name: str, zh: str, en: str, run: Run, *, secret: bool = False) -> argparse.ArgumentParser:
        step = acts.add_parser(name, help=f"{zh} · {en}", description=f"{zh} · {en}")
        step.set_defaults(step_run=run)
        step.add_argument(
            "--group", choices=sorted(GROUPS), default=BELENIOS_2048.name, help="群，混洗要用RFC-3526-2048 · the group"
        )
        if secret:
            step.add_argument("folder", type=Path, metavar="FOLDER", help="自己的文件夹 · your own folder")
            step.add_argument(
                "--passphrase-file",
                type=Path,
                metavar="FILE",
                help="口令所在的文件，不再询问 · a file with the passphrase",
            )
        return step

    new = one("new", "监票人：生成自己的密钥", "trustee: make your key", _new, secret=True)
    new.add_argument("--name", default="", help="姓名 · your name")
    new.add_argument("--alone", action="store_true", help="缺了这一位就不能计票 · nothing is opened without you")
    listing = one(
        "certificates", "组织者：把各人的证书合成名单", "organiser: make the list of certificates", _certificates
    )
    share = one(
        "share", "监票人：核对名单，做出各人的份额", "trustee: check the list, make the shares", _share, secret=True
    )
    share.add_argument("list", type=Path, metavar="LIST")
    share.add_argument(
        "--threshold", type=int, required=True, metavar="T", help="几人才能解密 · how many open together"
    )
    route = one("route", "组织者：把份额分给各人", "organiser: sort the shares", _route)
    key = one("key", "监票人：核对收到的份额，生成密钥", "trustee: check what came, make the key", _key, secret=True)
    key.add_argument("file", type=Path, metavar="FILE", help="for-trustee-….json")
    gather = one("gather", "组织者：汇成监票人公钥", "organiser: put the trustees' keys together", _gather)
    for name in ("polynomials", "outputs", "alone"):
        gather.add_argument(f"--{name}", type=Path, nargs="+", default=[], metavar="FILE")
    gather.add_argument("--list", type=Path, metavar="LIST")
    decrypt = one(
        "decrypt", "监票人：核验档案后解密", "trustee: verify the archive, then decrypt", _decrypt, secret=True
    )
    decrypt.add_argument("archive", type=Path, metavar="FILE.bel")
    decrypt.add_argument(
        "--attended",
        type=int,
        required=True,
        metavar="N",
        help="签到名单上的人数 · how many signed the attendance list",
    )
    decrypt.add_argument(
        "--credentials-fingerprint",
        metavar="F",
        help="签字的凭证名单指纹 · fingerprint of the signed list of credentials",
    )
    add = one("add", "组织者：把解密加进档案", "organiser: add decryptions to the archive", _add)
    add.add_argument("archive", type=Path, metavar="FILE.bel")
    for step in (listing, route, add):
        step.add_argument("files", type=Path, nargs="+", metavar="FILE")
    route.add_argument("--list", type=Path, required=True, metavar="LIST")
    for step in (listing, route, gather):
        step.add_argument("--to", type=Path, required=True, metavar="TO")
    one("status", "现在到哪一步", "what is done and what comes next", _status).add_argument(
        "folder", type=Path, metavar="FOLDER"
    )


def _run(asked: argparse.Namespace) -> int:
    run: Run = asked.step_run
    run(asked)
    return 0


trustee = Act(_arguments, _run)
