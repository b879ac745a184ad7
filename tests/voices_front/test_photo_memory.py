"""What photos cost: measured in a process of its own, several at once, at the largest that is taken."""

import io
import os
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from lianxi.commons.permissions import ANYBODY
from lianxi.commons.refusals import BadInput
from lianxi.participation.voices import services
from lianxi.participation.voices.models import Photo
from lianxi.participation.voices.services import photos

MOST_MB = 220
"""A PNG with 24 million pixels is 92 MB decoded, a progressive JPEG with 48 million keeps 150 MB of coefficients."""

CHILD = """
import resource, sys, threading
import django
django.setup()
from lianxi.participation.voices.services import encode_anew
encode_anew(open(sys.argv[2], "rb"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def one():
    made = encode_anew(open(sys.argv[1], "rb"))
    assert max(made.width, made.height) <= 2000, made.width
threads = [threading.Thread(target=one) for _ in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "size", "kind", "options"),
    [
        ("RGBA", (6000, 4000), "PNG", {"compress_level": 1}),
        ("RGB", (8000, 6000), "JPEG", {"quality": 40}),
        ("RGB", (8000, 6000), "JPEG", {"quality": 40, "progressive": True}),
    ],
)
def test_three_large_photos_at_once_need_the_memory_of_one(
    tmp_path: Path, mode: str, size: tuple[int, int], kind: str, options: dict[str, object]
) -> None:
    large, small = tmp_path / "large", tmp_path / "small"
    Image.new(mode, size, "teal").save(large, kind, **options)
    Image.new("RGB", (60, 40)).save(small, "JPEG")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(large), str(small)], capture_output=True, text=True, check=True, timeout=120
    )
    assert int(done.stdout) < MOST_MB, f"{done.stdout.strip()} MB"


@pytest.mark.parametrize(("kind", "size"), [("PNG", (6001, 4000)), ("JPEG", (8000, 6251)), ("GIF", (24001, 1000))])
def test_what_is_larger_is_refused_before_it_is_decoded(
    tmp_path: Path, kind: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    Image.new("L", size).save(path, kind)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    with path.open("rb") as file, pytest.raises(BadInput):
        photos.encode_anew(file)


def test_a_turned_photo_stands_upright_and_small(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    picture = Image.new("RGB", (3000, 2000), "white")
    picture.paste("black", (0, 0, 1500, 2000))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(path, exif=exif)
    with path.open("rb") as file:
        made = photos.encode_anew(file)
    assert (made.width, made.height) == (1333, 2000)


@pytest.mark.django_db
def test_files_of_dead_requests_are_swept_and_no_others(
    settings: Any, tmp_path: Path, street: SimpleNamespace, lot: random.Random
) -> None:
    settings.MEDIA_ROOT = tmp_path
    at = timezone.now()
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    picture.seek(0)
    said = services.Said(text="路灯坏了三天了。", place=street.wanghuai, photos=[services.encode_anew(picture)])
    services.raise_voice(said, actor=ANYBODY, at=at, lot=lot)
    kept = str(Photo._base_manager.get().image.name)
    for name in ("dead.jpg", "fresh.jpg"):
        (tmp_path / "voices" / name).write_bytes(b"x")
    two_days = at.timestamp() - 2 * 86400
    for name in (kept, "voices/dead.jpg"):
        os.utime(tmp_path / name, (two_days, two_days))
    assert photos.sweep_photos(at=at) == 1
    assert sorted(f"voices/{one.name}" for one in (tmp_path / "voices").iterdir()) == sorted([kept, "voices/fresh.jpg"])
    assert photos.sweep_photos(at=at) == 0
