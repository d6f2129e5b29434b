"""The four kinds of objects that users create here, and runs, as data."""

from __future__ import annotations

from dataclasses import dataclass

COMMON = frozenset(
    [
        "id",
        "name",
        "description",
        "state",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "createdClient",
        "updatedClient",
        "sandboxId",
        "sandboxName",
        "imsOrgId",
        "version",
        "etag",
        "lastOperation",
        "inheritedAttributes",
        "providerRefId",
    ]
)
SERVER_OWNED = COMMON - {"name", "description"} | {"runs", "lastRunDetails", "recordTypes"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One collection: its path, its name in the store, and the members that its objects may have."""

    name: str
    collection: str
    own: frozenset[str]
    fixed: frozenset[str] = frozenset()

    @property
    def members(self) -> frozenset[str]:
        """All members that a filter may name."""
        return COMMON | self.own

    @property
    def changeable(self) -> frozenset[str]:
        """The members that a PATCH may reach."""
        return self.own - self.fixed - SERVER_OWNED | {"name", "description"}


CONNECTION = Kind(
    "connection",
    "connections",
    frozenset({"auth", "connectionSpec", "params", "providerId", "unifiedMetadata"}),
    frozenset({"connectionSpec", "providerId"}),
)
SOURCE_CONNECTION = Kind(
    "sourceConnection",
    "sourceConnections",
    frozenset({"baseConnectionId", "connectionSpec", "data", "params", "providerId"}),
    frozenset({"baseConnectionId", "connectionSpec", "providerId"}),
)
TARGET_CONNECTION = Kind(
    "targetConnection",
    "targetConnections",
    frozenset({"baseConnectionId", "connectionSpec", "data", "params", "providerId"}),
    frozenset({"baseConnectionId", "connectionSpec", "providerId"}),
)
FLOW = Kind(
    "flow",
    "flows",
    frozenset(
        [
            "flowSpec",
            "sourceConnectionIds",
            "targetConnectionIds",
            "transformations",
            "scheduleParams",
            "options",
            "runs",
            "lastRunDetails",
            "labels",
            "recordTypes",
            "policy",
            "unifiedMetadata",
            "providerId",
        ]
    ),
    # Changing the ends of a source flow is not documented; the advice is a new pair and a new flow.
    frozenset({"flowSpec", "sourceConnectionIds", "targetConnectionIds", "providerId"}),
)
RUN = Kind(
    "run",
    "runs",
    frozenset(
        ["flowId", "flowSpec", "metrics", "activities", "params", "parentFlowRunId", "childFlowRunIds", "predecessors"]
    ),
)
KINDS = (CONNECTION, SOURCE_CONNECTION, TARGET_CONNECTION, FLOW)
