"""A plugin of pytest: how nbval runs and compares the notebooks.

Its kernels talk through files of their own, not through ports: Jupyter looks for free ports and lets the kernel take
them a moment later. Meanwhile another worker's kernel or browser may have taken one, and nbval waits a minute for a
kernel that cannot be reached. Drawings and long texts are compared by their hash.
"""

from __future__ import annotations

import tempfile
from itertools import count
from typing import Any

import nbval.kernel
from jupyter_client.manager import KernelManager
from nbval.plugin import IPyNbCell
from outputs import concise

SOCKETS = tempfile.TemporaryDirectory(prefix="evalbook-nbval-")
NUMBERS = count()


def manager(**options: Any) -> KernelManager:
    """What nbval asks for a kernel."""
    return KernelManager(transport="ipc", ip=f"{SOCKETS.name}/{next(NUMBERS)}", **options)


def compared(_: IPyNbCell, output: object) -> object:
    """What nbval compares of an output, of the committed one as of the one just made."""
    return concise(output)


nbval.kernel.KernelManager = manager
IPyNbCell.sanitize = compared
