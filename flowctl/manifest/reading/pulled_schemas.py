"""Read the schemas that `flowctl specs pull` keeps for an environment."""

import json
from collections.abc import Sequence
from pathlib import Path

from flowctl.manifest.pulled import NOTHING, Pulled, from_json
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.regular_file import read_regular


def pulled_file(environment: str) -> str:
    """Return the path of the file of an environment, relative to the workspace."""
    return f".flowctl/schemas.{environment}.json"


def pulled_schemas(root: Path, environment: str) -> tuple[Pulled, Sequence[Diagnostic]]:
    """Return what was pulled, and a warning if the file cannot be used: then these schemas are not checked."""
    file = pulled_file(environment)
    try:
        text = read_regular(root / file).decode()
        return from_json(json.loads(text), text), ()
    except FileNotFoundError:
        return NOTHING, ()
    except OSError as error:
        return NOTHING, [_unusable(file, f"cannot be read: {error.strerror or error}")]
    except (ValueError, RecursionError) as error:
        why = "it is damaged" if isinstance(error, json.JSONDecodeError | UnicodeError | RecursionError) else str(error)
        return NOTHING, [_unusable(file, f"cannot be used: {why}")]


def _unusable(file: str, why: str) -> Diagnostic:
    return Diagnostic(
        code="pulled-schemas-unusable",
        summary=f"the file of pulled schemas {why}",
        severity=Severity.WARNING,
        detail="Mappings to schemas that only Experience Platform has are not checked.",
        hint="Run `flowctl specs pull` again.",
        span=SourceSpan(file=file),
    )
