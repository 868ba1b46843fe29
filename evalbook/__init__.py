"""Reproducible yearly self-evaluation reports for county civil-affairs bureaus."""

__version__ = "0.1.0"
