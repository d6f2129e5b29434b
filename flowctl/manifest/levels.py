"""The severities that a workspace sets for rules."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from flowctl.model.diagnostic import Diagnostic, Severity

OFF: Final = "off"


def leveled(diagnostics: Iterable[Diagnostic], rules: Mapping[str, str]) -> list[Diagnostic]:
    """Return diagnostics with the severities that are set for their codes, without those that are off."""
    if not rules:
        return list(diagnostics)
    return [
        replace(each, severity=Severity(rules[each.code])) if each.code in rules else each
        for each in diagnostics
        if rules.get(each.code) != OFF
    ]
