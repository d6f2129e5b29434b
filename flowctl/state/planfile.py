"""Plan files: a plan as it was reviewed, so that it can be shown anywhere and applied exactly. They hold no secrets."""

import errno
from pathlib import Path
from typing import Final

from flowctl.masking.secret_values import SecretValues
from flowctl.model.errors import StateError
from flowctl.output_file import check_free, write_own
from flowctl.regular_file import read_regular
from flowctl.state.entry_format import Malformed
from flowctl.state.planfile_document import VERSION, SavedPlan, looks_like_a_plan, plan_file_text, saved_plan_of
from flowctl.strict_json import NotJson, parse, text_of

_SAVE: Final = "Save a plan with `flowctl plan --out FILE`."


def check_plan_path(path: str) -> None:
    """Raise StateError unless the file does not exist or is a saved plan."""
    try:
        check_free(path, _is_plan)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_plan_file(path: str, saved: SavedPlan, secrets: SecretValues) -> None:
    """Save a plan without the secrets of the run, readable for its owner only.

    Raises StateError if `check_plan_path` does, or the disk is full.
    """
    try:
        text = plan_file_text(saved, secrets)
    except NotJson as error:
        raise _unwritable(path, OSError(errno.EINVAL, error.words)) from error
    try:
        write_own(path, text, _is_plan, 0o600)
    except OSError as error:
        raise _unwritable(path, error) from error


def read_plan_file(path: Path) -> SavedPlan:
    """The plan that a file holds. Raises StateError if there is none that this flowctl can read."""
    try:
        document = parse(text_of(read_regular(path)))
    except FileNotFoundError as error:
        raise StateError.because("not-a-plan-file", f"there is no file {path}", hint=_SAVE) from error
    except OSError as error:
        raise _not_a_plan(path, f"it cannot be read: {error.strerror or error}") from error
    except NotJson as error:
        raise _not_a_plan(path, error.words) from error
    if not looks_like_a_plan(document):
        raise _not_a_plan(path, "it lacks the keys of a plan")
    version = document["formatVersion"]
    if version != VERSION:
        raise StateError.because(
            "not-a-plan-file",
            f"another release of flowctl saved {path}",
            detail=f"Its format version is {version}; this release reads version {VERSION}. Nothing was changed.",
            hint="Run `flowctl plan --out FILE` with this release, and review the new plan.",
        )
    try:
        return saved_plan_of(document)
    except Malformed as error:
        raise _not_a_plan(path, error.words) from error


def _is_plan(data: bytes) -> bool:
    """Whether a file holds a saved plan, of whatever release."""
    try:
        return looks_like_a_plan(parse(text_of(data)))
    except NotJson:
        return False


def _unwritable(path: str, error: OSError) -> StateError:
    return StateError.because(
        "plan-file-unwritable",
        f"the plan cannot be saved in {path or 'a file without a name'}: {error.strerror or error}",
        detail="flowctl saves a plan in a new file, or in place of a saved plan.",
        hint="Use another path with `--out`.",
    )


def _not_a_plan(path: Path, why: str) -> StateError:
    return StateError.because("not-a-plan-file", f"{path} is not a saved plan: {why}", hint=_SAVE)
