"""What accepting drift could not write, with the place and what a person can do."""

import json

from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.drift_report import DriftedObject
from flowctl.operations.accepting.proposals import Owner, Proposal

_LONGEST = 200


def left_attribute(proposal: Proposal) -> Diagnostic:
    """The warning about an attribute that is not accepted."""
    attribute, owner = proposal.attribute, proposal.owner
    span = owner.resource.place(*attribute.steps) if owner is not None else None
    return Diagnostic(
        code="not-accepted",
        severity=Severity.WARNING,
        summary=f"`{attribute.path}` of `{proposal.address}` is not accepted: {proposal.why_not}",
        detail=f"The live value is {_shown(attribute.observed)}.",
        hint="Change the manifest by hand, or run `flowctl apply` to restore the recorded value.",
        address=proposal.address,
        span=span,
    )


def left_object(drifted: DriftedObject, owner: Owner | None) -> Diagnostic:
    """The warning about an object that is not found."""
    why = "access labels hide it" if drifted.hidden else "it is not found"
    return Diagnostic(
        code="not-accepted",
        severity=Severity.WARNING,
        summary=f"`{drifted.address}` is not accepted: {why}",
        detail="Accepting writes values, and there is none." if not drifted.hidden else "",
        hint="Use credentials with the access labels of the object."
        if drifted.hidden
        else "Remove the manifest to keep the deletion, or run `flowctl apply` to create the object again.",
        address=drifted.address,
        span=owner.resource.span if owner is not None else None,
    )


def _shown(value: object) -> str:
    text = "not there" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
