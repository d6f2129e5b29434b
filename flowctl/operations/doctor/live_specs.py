"""The specs of a manifest or the workspace beside the live ones: what differs, and which are the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from flowctl.model.checkup import Finding, Health
from flowctl.model.errors import PlatformError
from flowctl.operations.doctor.words import failed
from flowctl.validation.wording import all_of


def spec_findings(part: str, compare: Callable[[], Mapping[str, Sequence[Finding]]], same: str) -> Iterator[Finding]:
    """What a comparison found by name; then the names without a finding, which are as `same` says."""
    try:
        found = compare()
    except PlatformError as error:
        yield failed(part, error.diagnostics)
        return
    for findings in found.values():
        yield from findings
    equal = [name for name, findings in found.items() if not findings]
    if equal:
        yield Finding(part=part, health=Health.OK, found=f"{all_of(equal)}: as in {same}")
