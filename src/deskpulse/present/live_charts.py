"""What makes a drawn chart live in a browser: Vega as one module, made once per version and kept as a file."""

from __future__ import annotations

import gzip
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from deskpulse.present.drawing import VEGA_LITE

LEVEL = 6
_making = Lock()


@cache
def bundle_name() -> str:
    """The module's name, another one for every version of it."""
    return f"vega-{VEGA_LITE}-{version('vl-convert-python')}.js"


def bundle(folder: Path) -> bytes:
    """The module, compressed by gzip; the first time it is made (five seconds) and written to ``folder``."""
    import vl_convert

    file = folder / f"{bundle_name()}.gz"
    with _making:
        if not file.exists():
            text = vl_convert.javascript_bundle(vl_version=VEGA_LITE)  # type: ignore[call-arg]
            folder.mkdir(parents=True, exist_ok=True)
            half = file.with_suffix(".part")
            half.write_bytes(gzip.compress(text.encode(), LEVEL, mtime=0))
            os.replace(half, file)
    return file.read_bytes()
