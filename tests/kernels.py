"""A plugin of pytest: kernels that nbval starts talk through files of their own, not through ports.

Jupyter looks for free ports and lets the kernel take them a moment later. Meanwhile another worker's kernel or
browser may have taken one, and nbval waits a minute for a kernel that cannot be reached.
"""

from __future__ import annotations

import tempfile
from itertools import count
from typing import Any

import nbval.kernel
from jupyter_client.manager import KernelManager

SOCKETS = tempfile.TemporaryDirectory(prefix="evalbook-nbval-")
NUMBERS = count()


def manager(**options: Any) -> KernelManager:
    """What nbval asks for a kernel."""
    return KernelManager(transport="ipc", ip=f"{SOCKETS.name}/{next(NUMBERS)}", **options)


nbval.kernel.KernelManager = manager
