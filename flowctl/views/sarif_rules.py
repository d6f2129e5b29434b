"""The rules of a SARIF log: what the table of diagnostic codes says of each."""

import re
from typing import Final

from flowctl.model.codes import described
from flowctl.model.diagnostic import Severity
from flowctl.model.json_value import JSONValue

_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def rule(code: str) -> JSONValue:
    """The rule of a code; without links, because those of the table lead to pages beside each other."""
    row = described(code)
    if row is None:
        return {"id": code, "shortDescription": {"text": code}}
    what_to_do = _LINK.sub(r"\1", row.cure)
    level = Severity.ERROR if Severity.ERROR in row.severities else Severity.WARNING
    return {
        "id": code,
        "shortDescription": {"text": row.title},
        "fullDescription": {"text": _LINK.sub(r"\1", row.meaning)},
        "help": {"text": what_to_do.replace("`", ""), "markdown": what_to_do},
        "defaultConfiguration": {"level": str(level)},
    }
