"""The tenant ID of an environment's organization: asked once, and kept in the lockfile."""

from typing import TYPE_CHECKING, Final

from flowctl.model.errors import StateError
from flowctl.settings.workspace import Workspace

if TYPE_CHECKING:
    from flowctl.operations.session import Session

_LOCAL: Final = "local"
"""The name of the environment that is the emulator in this process, and the tenant ID of its organization."""


def known_tenant(workspace: Workspace, environment: str) -> str:
    """The tenant ID that needs no question: that of the emulator, or that in the lockfile; empty if there is none."""
    declared = workspace.environments.get(environment)
    if environment == _LOCAL and (declared is None or "endpoint" not in declared.content):
        return _LOCAL
    from flowctl.operations.record import recorded

    try:
        return recorded(workspace, environment).lockfile.tenant
    except StateError:
        return ""


def tenant_of(session: "Session") -> str:
    """The tenant ID of the session's organization, asked from Schema Registry if it is not known yet."""
    return (
        known_tenant(session.workspace, session.environment.name)
        or session.ledger.lockfile.tenant
        or ask_tenant(session)
    )


def ask_tenant(session: "Session") -> str:
    """The tenant ID as Schema Registry tells it; the next change of the lockfile records it. Raises PlatformError."""
    from flowctl.engine.observe.understood import understood
    from flowctl.specs.resolved_schema import TENANT, tenant_of

    tenant = understood(TENANT, session.send(TENANT), tenant_of).removeprefix("_")
    session.ledger.learn_tenant(tenant)
    return tenant
