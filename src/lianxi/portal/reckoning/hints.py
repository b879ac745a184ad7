"""`lianxi ballots hints FILE.bel --to FILE`: writes beside an archive what makes its verification faster."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lianxi.engines.ballots.cores import SMALLEST, processes
from lianxi.engines.ballots.hints import made
from lianxi.engines.ballots.strict import Malformed
from lianxi.portal.starting.acts import Act
from lianxi.portal.starting.words import Trouble, from_os_error


def write(archive: Path, to: Path, *, workers: int | None = None) -> int:
    """Writes the hints of an archive with all processors; returns how many bytes.

    Raises:
        Trouble: the archive cannot be read, the hints cannot be written or are there already.
    """
    size = 0

    def told(done: int) -> None:
        if done % 100 == 0 and sys.stderr.isatty():
            print(f"\r  {done} …", end="", file=sys.stderr)

    part = to.with_name(f"{to.name}.part")
    try:
        if to.exists():
            raise Trouble(f"{to}已经存在，不覆盖。", f"{to} is there already; it is not overwritten.")
        ballots = archive.stat().st_size // SMALLEST
        with archive.open("rb") as file, part.open("wb") as out, processes(ballots, workers) as pool:
            for piece in made(file, executor=pool, progress=told):
                size += out.write(piece)
        part.rename(to)
    except OSError as error:
        raise from_os_error(error, Path(error.filename or archive)) from error
    except Malformed as problem:
        raise Trouble(f"{archive.name}：{problem.said('zh')}", f"{archive.name}: {problem.said('en')}") from None
    finally:
        part.unlink(missing_ok=True)
    return size


def _arguments(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(dest="step", metavar="…", required=True)
    words = "写出使核验加快的提示文件 · write the hints that make verification faster"
    one = steps.add_parser("hints", help=words, description=words)
    one.add_argument("archive", metavar="FILE.bel", help="选举档案 · the archive")
    one.add_argument("--to", metavar="FILE", required=True, help="写到哪里 · where to write")


def _run(asked: argparse.Namespace) -> int:
    size = write(Path(asked.archive), Path(asked.to))
    print(f"✓ {asked.to}：{size}字节。提示不需要可信：核验的结论与它无关\n  {asked.to}: {size} bytes. Nobody has to trust hints: no verdict depends on them")  # fmt: skip
    return 0


ballots = Act(_arguments, _run)
