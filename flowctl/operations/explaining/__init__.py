"""What a code, a kind of address or a kind of document means, without a workspace and without a network."""

import re
from collections.abc import Iterable
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.kinds.run_error_codes import NOTIFICATIONS, RUN_ERROR_CODES
from flowctl.kinds.run_error_codes import explained as of_a_run
from flowctl.late_pattern import late_pattern
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.codes import AREAS, CODES, described
from flowctl.model.errors import FlowctlError
from flowctl.model.explanation import Explainable, ExplainedCode, ExplainedDocument, ExplainedResource
from flowctl.operations.explaining.codes import RUN_AREA, explained_code, explained_run_code
from flowctl.operations.explaining.documents import explained_document
from flowctl.operations.explaining.resources import explained_resource
from flowctl.specs.catalogue import connector_names
from flowctl.validation.wording import did_you_mean, nearest, quoted

_PLATFORM_CODE: Final = late_pattern("[A-Z]{2,20}-[0-9]{3,6}(-[0-9]{3})?", re.IGNORECASE | re.ASCII)
"""An error code of Experience Platform: its service, a number and mostly the HTTP status, as in CONNECTOR-1337-400."""

_BESIDE: Final = "Read the message beside it."


def explainable() -> Explainable:
    """Everything that `explained` knows."""
    return Explainable(
        resources=tuple((kind.name, kind.title) for kind in KINDS.values()),
        documents=tuple(DOCUMENT_KINDS),
        areas=(
            *((area.title, tuple((row.code, row.title) for row in area.codes)) for area in AREAS),
            (RUN_AREA, tuple((code, row.cause) for code, row in RUN_ERROR_CODES.items())),
        ),
    )


def explained(name: str) -> ExplainedCode | ExplainedResource | ExplainedDocument:
    """What a name means: a code of flowctl or of a run, the kind of an address, an address, or the kind of a document.

    Case does not matter where nothing else has the name. Raises FlowctlError with the nearest known name.
    """
    wanted = name.strip().strip("[]`")
    code = described(wanted) or described(wanted.lower())
    if code is not None:
        return explained_code(code)
    # `connection` is the kind of an address, and `Connection` that of a document.
    if wanted in DOCUMENT_KINDS:
        return explained_document(DOCUMENT_KINDS[wanted])
    kind = _named(wanted.rpartition(".")[2], KINDS)
    if kind is not None:
        return explained_resource(KINDS[kind])
    document = _named(wanted, DOCUMENT_KINDS)
    if document is not None:
        return explained_document(DOCUMENT_KINDS[document])
    run_code = of_a_run(wanted)
    if run_code is not None:
        return explained_run_code(wanted.upper(), run_code)
    if wanted.lower() in connector_names():
        raise FlowctlError.because(
            "nothing-to-explain",
            f"{quoted(name)} is a connector, and not a code or a kind",
            hint=f"Run `flowctl connectors {wanted.lower()}`.",
        )
    if _PLATFORM_CODE.fullmatch(wanted):
        raise _unknown_platform_code(wanted.upper())
    if "." in wanted:
        raise FlowctlError.because(
            "nothing-to-explain",
            f"there is no code and no kind {quoted(name)}",
            hint=_for_dotted(wanted),
        )
    near = nearest(wanted, (*CODES, *RUN_ERROR_CODES, *KINDS, *DOCUMENT_KINDS))
    raise FlowctlError.because(
        "nothing-to-explain",
        f"there is no code and no kind {quoted(name)}",
        hint=did_you_mean(near, "Run `flowctl explain` to list all codes and kinds."),
    )


def _unknown_platform_code(code: str) -> FlowctlError:
    """The error for a code that only Experience Platform gives a meaning, and which has the HTTP status at its end."""
    status = code.rpartition("-")[2] if code.count("-") == 2 else ""
    advice = f"Read the message beside it, and run `flowctl explain http-{status}`." if status else _BESIDE
    page = f" Adobe's page about errors of sources: {NOTIFICATIONS}" if code.startswith("CONNECTOR-") else ""
    return FlowctlError.because(
        "nothing-to-explain",
        f"{code} is an error code of Experience Platform, which flowctl does not explain",
        hint=f"{advice}{page}",
    )


def _for_dotted(wanted: str) -> str:
    """What to do about a path of keys: its kind of document has the keys."""
    document = _named(wanted.partition(".")[0], DOCUMENT_KINDS)
    if document is None:
        return "Run `flowctl explain` to list all codes and kinds."
    return f"Run `flowctl explain {document}` to list the keys of this kind."


def _named(wanted: str, names: Iterable[str]) -> str | None:
    """The name that equals the wanted one if neither case nor hyphens matter."""
    return next((name for name in names if _plain(name) == _plain(wanted)), None)


def _plain(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()
