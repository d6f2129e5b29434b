"""Warnings about live objects that are as desired and yet need a look: such as a disabled flow."""

from collections.abc import Mapping

from flowctl.engine.observe.observation import Observation
from flowctl.kinds.live_state import no_warning
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.resource import RemoteObject, Resource


def live_warnings(desired: Mapping[Address, Resource], observed: Observation) -> list[Diagnostic]:
    """One warning for each desired object that its kind warns about."""
    warned = {name for name, kind in KINDS.items() if kind.warning is not no_warning}
    return live_warnings_of(
        {
            address: live
            for address, live in observed.objects.items()
            if address.kind in warned
            and KINDS[address.kind].warning(live) is not None  # nearly none, so that this is asked first
            and address in desired
            and not _says_the_state(desired[address])
        },
        desired,
    )


def live_warnings_of(live: Mapping[Address, RemoteObject], desired: Mapping[Address, Resource]) -> list[Diagnostic]:
    """One warning for each live object that its kind warns about, at the place in the manifest if there is one."""
    return [
        Diagnostic(
            severity=Severity.WARNING,
            code="live-state",
            summary=f"`{address}`: {warning.summary}",
            hint=warning.hint,
            address=address,
            span=desired[address].span if address in desired else None,
        )
        for address, each in live.items()
        if (warning := KINDS[address.kind].warning(each)) is not None
    ]


def _says_the_state(resource: Resource) -> bool:
    """Whether a manifest sets the state, so that the plan shows what is done about it."""
    rule = KINDS[resource.kind].state
    return rule is not None and value_at(resource.attributes, rule.path, {}) is not None
