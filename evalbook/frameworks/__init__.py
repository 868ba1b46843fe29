"""Frameworks: scoring frameworks as data, one folder per issuing document under ``data/frameworks/``."""

from evalbook.frameworks.framework import Band, Bounds, Framework, Grade, Indicator, Level, RuleKind
from evalbook.frameworks.reader import (
    examine_framework,
    framework_files,
    frameworks,
    new_framework,
    read_framework,
)

__all__ = [
    "Band",
    "Bounds",
    "Framework",
    "Grade",
    "Indicator",
    "Level",
    "RuleKind",
    "examine_framework",
    "framework_files",
    "frameworks",
    "new_framework",
    "read_framework",
]
