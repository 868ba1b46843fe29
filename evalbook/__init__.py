"""Reproducible yearly self-evaluation reports for county civil-affairs bureaus."""

__version__ = "0.2.0"

PAGE_REPORT = "application/vnd.evalbook.page+json"
"""Media type under which a page, when it is run, reports the year and the page that it shows."""
