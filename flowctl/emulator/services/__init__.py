"""The services of the platform, each in its own module or folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.services.audit import AUDIT
from flowctl.emulator.services.batch_ingestion import BATCH_INGESTION
from flowctl.emulator.services.catalog import CATALOG
from flowctl.emulator.services.connectors import CONNECTORS
from flowctl.emulator.services.data_prep import DATA_PREP, PREP_UPLOADS
from flowctl.emulator.services.export import EXPORT
from flowctl.emulator.services.flow_service import FLOW_SERVICE
from flowctl.emulator.services.identity import IDENTITY
from flowctl.emulator.services.ims import IMS
from flowctl.emulator.services.sandboxes import SANDBOXES
from flowctl.emulator.services.schema_registry import SCHEMA_REGISTRY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.emulator.routing import Service

SERVICES: Sequence[Service] = (
    FLOW_SERVICE,
    CATALOG,
    BATCH_INGESTION,
    EXPORT,
    CONNECTORS,
    *PREP_UPLOADS,
    DATA_PREP,
    SCHEMA_REGISTRY,
    SANDBOXES,
    IDENTITY,
    AUDIT,
    IMS,
)
