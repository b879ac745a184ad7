"""`lianxi manage outlines FILE.geojson`: keep where units lie, by their codes, for the map of the intake."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lianxi.commons.refusals import BadInput
from lianxi.commons.units.outlines import read_geojson


class Command(BaseCommand):
    help = "Read outlines of units from a GeoJSON file; each feature is a Polygon with the property `code`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drawn, unknown = read_geojson(json.loads(options["file"].read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']}：读不了 cannot be read: {error}") from error
        except BadInput as error:
            raise CommandError(str(error)) from error
        for unit in drawn:
            self.stdout.write(f"  {unit}")
        for code in unknown:
            self.stdout.write(f"  没有这个代码的单位 no unit has the code: {code or '—'}")
