"""The point on the map 图上的点: kept only where the resident set one."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from ..models import Spot, Voice

STEP = Decimal("0.00001")
"""About a metre: enough to find a lamp."""


def point_of(typed: str) -> tuple[Decimal, Decimal] | None:
    """Longitude and latitude of `120.12345,30.12345`; None for anything else."""
    parts = typed[:60].split(",")
    if len(parts) != 2:
        return None
    try:
        longitude, latitude = (Decimal(part.strip()) for part in parts)
    except InvalidOperation:
        return None
    if not (longitude.is_finite() and latitude.is_finite() and abs(longitude) <= 180 and abs(latitude) <= 90):
        return None
    return longitude.quantize(STEP, ROUND_HALF_EVEN), latitude.quantize(STEP, ROUND_HALF_EVEN)


def set_spot(voice: Voice, *, at: tuple[Decimal, Decimal]) -> Spot:
    """Keep where it is: longitude and latitude in degrees."""
    made: Spot
    made, _new = Spot._base_manager.update_or_create(voice=voice, defaults={"longitude": at[0], "latitude": at[1]})
    return made
