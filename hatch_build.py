"""Build hook: the wheel carries the built pages, the compiled translations and the rulebook; it needs no Node later."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface[Any]):
    """Runs before a wheel is packed; an editable install takes everything from the clone instead."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is generated, and say where the rulebook goes."""
        if self.target_name != "wheel" or version != "standard":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from lianxi.portal import translations
        from lianxi.portal.starting import assets

        if (root / "package.json").exists():
            assets.build(root)
        translations.compile_all(root / "src" / "lianxi", force=True)
        if (root / "rules").exists():
            build_data["force_include"]["rules"] = "lianxi/rules"
