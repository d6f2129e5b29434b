"""What a run needs from Experience Platform: a token, every read, a clock that agrees, specs as they were."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from operator import itemgetter
from typing import Final

from flowctl.engine.observe.understood import understood
from flowctl.kinds.attribute_facts import pinned_flow_spec
from flowctl.kinds.live_flow_specs import live_flow_spec, spec_differences
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.checkup import Finding, Health
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import FlowctlError, PlatformError
from flowctl.operations.doctor.live_specs import spec_findings
from flowctl.operations.doctor.own_specs import own_spec_findings
from flowctl.operations.doctor.reads import read_findings
from flowctl.operations.doctor.words import failed, not_checked, skipped, warned
from flowctl.operations.record import store_of
from flowctl.operations.session import Session, SessionSettings, opened_session
from flowctl.specs.flow_spec import FlowSpec

_FLOW_SPECS: Final = "flow specs"
_MOST_SKEW: Final = 60.0
"""Seconds between two clocks from which a person should know."""

_UNITS: Final = ((86400, "days"), (3600, "hours"), (60, "minutes"))


def remote_findings(settings: SessionSettings, manifests: Manifests) -> Iterator[Finding]:
    """The findings of a session. What may take time is told as progress before it begins."""
    with ExitStack() as stack:
        try:
            session = stack.enter_context(opened_session(settings, store_of(settings.workspace, settings.environment)))
        except FlowctlError as error:
            yield failed("session", error.diagnostics)
            yield not_checked("sign-in", "reads")
            return
        yield from _findings(session, manifests, settings)


def _findings(session: Session, manifests: Manifests, settings: SessionSettings) -> Iterator[Finding]:
    settings.progress(f"Checking the sign-in (waits up to {settings.network.read_timeout:g} s for a reply)")
    try:
        session.authenticate()
    except PlatformError as error:
        yield failed("sign-in", error.diagnostics)
        yield not_checked("reads")
        return
    yield Finding(part="sign-in", health=Health.OK, found="the token service gave a token")
    settings.progress("Checking what the credentials can read")
    found, can_ask = read_findings(session)
    yield from found
    if not can_ask:
        return
    yield from _clock(session)
    settings.progress("Checking specs")
    yield from own_spec_findings(session)
    yield from _flow_specs(session, manifests)


def _clock(session: Session) -> Iterator[Finding]:
    """Whether this machine's clock agrees with the platform's: schedules that start now are written by this one."""
    now = session.clock.now()
    if now is None:
        return
    ahead = time.time() - now / 1000
    if abs(ahead) <= _MOST_SKEW:
        yield Finding(part="clock", health=Health.OK, found="agrees with Experience Platform")
        return
    words = "ahead of" if ahead > 0 else "behind"
    yield Finding(
        part="clock",
        health=Health.WARNING,
        found=f"{_span(abs(ahead))} {words} the clock of Experience Platform",
        action="Set the clock of this machine.",
    )


def _span(seconds: float) -> str:
    """A duration in the largest unit of which there are at least two."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= 2 * size), (1, "s"))
    return f"{seconds / size:.0f} {unit}"


def _flow_specs(session: Session, manifests: Manifests) -> Iterator[Finding]:
    """Whether the flow specs that the manifests use are those that flowctl validates with."""
    if has_errors(manifests.diagnostics):
        yield skipped(_FLOW_SPECS, "not compared, because the manifests that use them have errors")
        return
    names = _used_specs(manifests)

    def compare() -> Mapping[str, Sequence[Finding]]:
        asks = {name: live_flow_spec(name) for name, _ in names}
        live = {name: understood(ask.request, session.send(ask.request), ask.read) for name, ask in asks.items()}
        return {name: list(_differences(name, spec_id, live[name])) for name, spec_id in names}

    if names:
        yield from spec_findings(_FLOW_SPECS, compare, "the copies that validate uses")


def _differences(name: str, spec_id: str, live: FlowSpec | None) -> Iterator[Finding]:
    if live is None:
        yield Finding(
            part=_FLOW_SPECS,
            health=Health.FAILED,
            found=f"Experience Platform has no flow spec {name}",
            action="Check that sources are provisioned for this organization.",
        )
    yield from (warned(_FLOW_SPECS, diagnostic) for diagnostic in spec_differences({spec_id: live}))


def _used_specs(manifests: Manifests) -> Sequence[tuple[str, str]]:
    """The names and IDs of the pinned flow specs that pipelines use."""
    specs = (pinned_flow_spec(each.attributes) for each in desired_graph(manifests.documents).values())
    return sorted({(spec.name, spec.id) for spec in specs if spec is not None}, key=itemgetter(1))
