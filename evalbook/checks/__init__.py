"""The report checked before an auditor does: figures against each other and against rules.

``finding`` says what a rule and a finding are, ``facts`` what rules look at; the modules named after families
(``general``, ``funds``, ``standards``, ``levels``, ``people``, ``households``, ``payments``, ``children``, ``parts``,
``relations``, ``months``, ``prose``, ``completeness``) hold the rules, ``claims`` and ``magnitude`` what several of them
ask, ``catalogue`` lists them all, ``engine`` asks them.
"""

from evalbook.checks.catalogue import FAMILIES, RULES
from evalbook.checks.engine import Findings, asked, check, concluded, rank, with_consequences
from evalbook.checks.facts import Facts, Span
from evalbook.checks.finding import (
    DOUBT,
    ERROR,
    HINT,
    SEVERITIES,
    SEVERITY_MEANINGS,
    Explanation,
    Finding,
    Place,
    Rule,
    Suspicion,
)
from evalbook.checks.prose.statements import Claim, claim

__all__ = [
    "DOUBT",
    "ERROR",
    "FAMILIES",
    "HINT",
    "RULES",
    "SEVERITIES",
    "SEVERITY_MEANINGS",
    "Claim",
    "Explanation",
    "Facts",
    "Finding",
    "Findings",
    "Place",
    "Rule",
    "Span",
    "Suspicion",
    "asked",
    "check",
    "claim",
    "concluded",
    "rank",
    "with_consequences",
]
