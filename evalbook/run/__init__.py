"""Run the notebooks with papermill, one page a notebook and year.

``layout`` says which pages there are, ``inspection`` what must be mended before, ``contract`` what a notebook and its
runner owe each other, ``engines`` and ``workers`` how one runs and many, ``drawing`` draws ahead,
``page`` what becomes of it, ``runner`` which must run.
"""

from evalbook.run.drawing import processors
from evalbook.run.inspection import inspect, inspect_framework
from evalbook.run.layout import ANNEXES, DOWNLOADS, PAGES, UNPRINTED, Layout, notebooks, pages
from evalbook.run.runner import AGAIN, run_years

__all__ = [
    "AGAIN",
    "ANNEXES",
    "DOWNLOADS",
    "PAGES",
    "UNPRINTED",
    "Layout",
    "inspect",
    "inspect_framework",
    "notebooks",
    "pages",
    "processors",
    "run_years",
]
