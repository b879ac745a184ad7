"""Photos 照片: checked, encoded anew without location data, kept under a name drawn by lot."""

import datetime as dt
import io
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from lianxi.commons.permissions import Actor
from lianxi.commons.refusals import BadInput, NotPermitted

from .. import policies
from ..models import Photo, Voice

PHOTO_BYTES = 20 * 1024 * 1024
PHOTO_PIXELS = 24_000_000
"""Decoded whole: four bytes each at most."""
JPEG_PIXELS = 50_000_000
"""JPEG is decoded at a half, a quarter or an eighth of its size."""
DECODING = threading.Lock()
"""One picture at a time in a process, so that its memory does not grow with the visitors."""
PHOTO_EDGE = 2000
PHOTOS_AT_MOST = 6
KINDS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A photo as it will be kept: JPEG, without metadata."""

    data: bytes
    width: int
    height: int


def encode_anew(file: BinaryIO, name: str = "") -> Encoded:
    """Decode an uploaded picture and encode it anew as JPEG: location data, thumbnails and hidden parts are gone.

    Raises BadInput for what is too large, is no picture, or lies about its size.
    """
    with DECODING:
        return _encode_anew(file, name)


def _encode_anew(file: BinaryIO, name: str) -> Encoded:
    data = file.read(PHOTO_BYTES + 1)
    if len(data) > PHOTO_BYTES:
        raise BadInput({"photos": _("这张照片传不上来（超过20 MB）。换一张，或不传也行。")})
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as picture:
            if picture.width * picture.height > (JPEG_PIXELS if picture.format == "JPEG" else PHOTO_PIXELS):
                raise BadInput({"photos": _("这张照片太大（像素太多）。换一张，或不传也行。")})
            picture.seek(0)
            small = picture.convert("RGBA") if picture.mode == "P" else picture
            # Made small before it is turned and its colours are changed: a JPEG is not even decoded whole.
            small.thumbnail((PHOTO_EDGE, PHOTO_EDGE))
            upright = ImageOps.exif_transpose(small, in_place=False).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise BadInput(
            {"photos": _("“%(name)s”不是能打开的照片（JPG、PNG、WebP）。换一张，或不传也行。") % {"name": name[:40]}}
        ) from error
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return Encoded(out.getvalue(), *clean.size)


def keep_photos(voice: Voice, photos: Sequence[Encoded], *, at: dt.datetime, from_resident: bool = True) -> list[Photo]:
    """Keep encoded photos with a voice. Raises BadInput past the most that are kept."""
    if Photo._base_manager.filter(voice=voice.pk).count() + len(photos) > PHOTOS_AT_MOST * (1 if from_resident else 3):
        raise BadInput({"photos": _("最多传%(n)d张照片。") % {"n": PHOTOS_AT_MOST}})
    kept = []
    for one in photos:
        photo = Photo(voice=voice, width=one.width, height=one.height, at=at, from_resident=from_resident)
        photo.image.save(f"{photo.key}.jpg", ContentFile(one.data), save=False)
        photo.save(force_insert=True)
        kept.append(photo)
    return kept


def add_photos(voice: Voice, photos: Iterable[Encoded], *, actor: Actor, at: dt.datetime) -> list[Photo]:
    """Add photos by the author or the handler. Raises NotFound, NotPermitted, BadInput."""
    voice = policies.VIEW.get(actor, pk=voice.pk)
    may = policies.SUPPLEMENT.why(actor, voice)
    if not may:
        raise NotPermitted(open_to=may.open_to)
    by_author = policies.RATE.may(actor, voice)
    return keep_photos(voice, list(photos), at=at, from_resident=by_author)


ORPHAN_AFTER = dt.timedelta(days=1)
"""So long a file may wait for the row that names it: a request that takes longer is dead."""


def sweep_photos(*, at: dt.datetime) -> int:
    """Remove files that no photo names: a request died before it was written down, or after it was taken away."""
    storage = Photo._meta.get_field("image").storage
    try:
        names = [f"voices/{name}" for name in storage.listdir("voices")[1]]
    except FileNotFoundError:
        return 0
    old = [name for name in names if storage.get_modified_time(name) < at - ORPHAN_AFTER]
    gone = 0
    for start in range(0, len(old), 1000):
        some = old[start : start + 1000]
        named = set(Photo._base_manager.filter(image__in=some).values_list("image", flat=True))
        for name in set(some) - named:
            storage.delete(name)
            gone += 1
    return gone
