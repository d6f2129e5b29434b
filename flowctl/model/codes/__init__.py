"""Every diagnostic code as data. What starts or runs a command does not need it, and does not import it.

The exception is a run whose output has a part of a secret: then it is told which words are flowctl's own.
"""

import re
from collections.abc import Mapping
from typing import Final

from flowctl.model.codes import (
    imports,
    keys,
    mapping_expressions,
    mapping_tests,
    mappings,
    others,
    plans,
    platform,
    policies,
    references,
    rows,
    runs,
    selections,
    specs,
    state,
    substitution,
    workspace,
    yaml_text,
)
from flowctl.model.codes.code import Area, DiagnosticCode

AREAS: Final[tuple[Area, ...]] = (
    workspace.AREA,
    yaml_text.AREA,
    keys.AREA,
    substitution.AREA,
    references.AREA,
    mapping_expressions.AREA,
    mappings.AREA,
    specs.AREA,
    mapping_tests.AREA,
    rows.AREA,
    platform.AREA,
    plans.AREA,
    policies.AREA,
    selections.AREA,
    imports.AREA,
    runs.AREA,
    state.AREA,
    others.AREA,
)
CODES: Final[Mapping[str, DiagnosticCode]] = {row.code: row for area in AREAS for row in area.codes}
_STATUS: Final = re.compile(r"http-[1-5][0-9]{2}\Z")


def described(code: str) -> DiagnosticCode | None:
    """The row of a code; `http-403` has the row of `http-STATUS`. None for a code that flowctl does not have."""
    return CODES.get("http-STATUS" if _STATUS.match(code) else code)
