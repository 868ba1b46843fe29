"""Put what the tool brings to every project into the wheel, from the folders where it is written."""

from __future__ import annotations

import json
import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedHook(BuildHookInterface[Any]):
    """Names each file of :data:`evalbook.shipped.NAMES` for the wheel; notebooks go without the outputs of a county."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; an editable install finds them where they are."""
        if version == "editable":
            return
        shipped = runpy.run_path(str(Path(self.root) / "evalbook" / "shipped.py"))
        self._scratch = tempfile.TemporaryDirectory(prefix="evalbook-wheel-")
        for path in shipped["shipped_files"]():
            name = path.relative_to(self.root).as_posix()
            if path.is_file():
                source = self._stripped(path) if path.suffix == ".ipynb" else path
                build_data["force_include"][str(source)] = f"evalbook/shipped/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the copies of the notebooks."""
        if version != "editable":
            self._scratch.cleanup()

    def _stripped(self, notebook: Path) -> Path:
        """Copy of a notebook as it is before anybody has run it."""
        written = json.loads(notebook.read_text(encoding="utf-8"))
        for cell in written["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
        copy = Path(self._scratch.name) / notebook.name
        copy.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return copy
