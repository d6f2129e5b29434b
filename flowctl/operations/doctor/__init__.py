"""Look at everything that a run needs, one part after another, and say of each what is wrong and what to do."""

from collections.abc import Sequence

from flowctl.manifest.document import Manifests
from flowctl.model.checkup import Checkup, Finding, Health
from flowctl.operations.doctor.local import NEEDED, local_findings
from flowctl.operations.doctor.remote import remote_findings
from flowctl.operations.doctor.words import skipped
from flowctl.operations.session import SessionSettings


def examine(settings: SessionSettings, manifests: Manifests) -> Checkup:
    """The findings for an environment. Every part is looked at, whatever others lack; changes nothing."""
    local = tuple(local_findings(settings, manifests))
    blocked = [found.part for found in local if found.health is Health.FAILED and found.part in NEEDED]
    remote = (_not_asked(blocked),) if blocked else tuple(remote_findings(settings, manifests))
    return Checkup(environment=settings.environment, findings=(*local, *remote))


def _not_asked(parts: Sequence[str]) -> Finding:
    return skipped("sign-in", f"Experience Platform was not asked, because of: {', '.join(parts)}")
