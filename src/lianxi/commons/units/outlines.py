"""Outlines of units: read from GeoJSON, kept, and given back as GeoJSON. One drawing, no tiles, no other host."""

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxi.commons.refusals import BadInput

from .models import Outline, Unit

POINTS_AT_MOST = 2000
"""In one outline: a drawing, not a survey."""


def draw(unit: Unit, rings: Any) -> Outline:
    """Keep where a unit lies. `rings`: closed rings of [longitude, latitude] in degrees, the outer one first. Raises BadInput."""
    made: Outline
    made, _new = Outline.objects.update_or_create(unit=unit, defaults={"rings": _checked(rings)})
    return made


@transaction.atomic
def read_geojson(collection: Any) -> tuple[list[Unit], list[str]]:
    """Keep every feature of a GeoJSON collection whose property `code` is a unit's. Gives the units, and codes nobody has.

    Everything or nothing. Raises BadInput.
    """
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise BadInput({"file": _("这不是GeoJSON的FeatureCollection。")})
    drawn, unknown = [], []
    for feature in collection.get("features") or []:
        code = str((feature.get("properties") or {}).get("code") or "")
        unit = Unit.objects.filter(code=code).first() if code else None
        if unit is None:
            unknown.append(code)
            continue
        draw(unit, _polygon(feature.get("geometry") or {}))
        drawn.append(unit)
    return drawn, unknown


def as_geojson(kinds: Iterable[str], *, on: dt.date) -> dict[str, Any]:
    """The outlines of the units of these kinds that stand on a day, named as places in the active language."""
    found = Outline.objects.filter(unit__kind__in=list(kinds)).select_related("unit").order_by("unit__path")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "unit": one.unit_id,
                    "name": (name := one.unit.as_place),
                    "label": name.removesuffix(" Community").removesuffix("社区") or name,
                },
                "geometry": {"type": "Polygon", "coordinates": one.rings},
            }
            for one in found
            if one.unit.stands(on)
        ],
    }


def _polygon(geometry: dict[str, Any]) -> Any:
    if geometry.get("type") != "Polygon":
        raise BadInput({"file": _("边界要画成一个多边形（Polygon）。")})
    return geometry.get("coordinates")


def _checked(rings: Any) -> list[list[list[float]]]:
    wrong = BadInput({"file": _("边界要由闭合的环组成，每个点写经度和纬度。")})
    if not isinstance(rings, list) or not rings or sum(len(r) for r in rings if isinstance(r, list)) > POINTS_AT_MOST:
        raise wrong
    result = []
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
            raise wrong
        result.append([_point(one, wrong) for one in ring])
    return result


def _point(one: Any, wrong: BadInput) -> list[float]:
    if not isinstance(one, list | tuple) or len(one) < 2 or not all(isinstance(n, int | float) for n in one[:2]):
        raise wrong
    longitude, latitude = float(one[0]), float(one[1])
    if not (math.isfinite(longitude) and abs(longitude) <= 180 and math.isfinite(latitude) and abs(latitude) <= 90):
        raise wrong
    return [round(longitude, 6), round(latitude, 6)]
