"""Pictures stored inside a notebook become files, so that a page stays small and pictures load when they are needed."""
from __future__ import annotations

import base64
import hashlib
import pathlib
import re
import struct

FOLDER = "pictures"
_STORED = re.compile(r'src="data:image/png;base64,([^"]+)"')


def move_out(html: str, site: pathlib.Path) -> str:
    """Write each stored PNG of `html` into <site>/pictures, and let the HTML point there."""
    def save(found):
        data = base64.b64decode(found[1])
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.png"
        folder = site / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        width, height = struct.unpack(">II", data[16:24])  # the size keeps its place on the page before it is loaded
        return f'class="picture" loading="lazy" width="{width}" height="{height}" src="{FOLDER}/{name}"'

    return _STORED.sub(save, html)
