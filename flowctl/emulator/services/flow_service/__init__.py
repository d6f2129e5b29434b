"""Flow Service: connections, source and target connections, flows, runs and the specs that describe them."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.flow_service import create
from flowctl.emulator.services.flow_service.delete import deleter
from flowctl.emulator.services.flow_service.errors import REFUSALS
from flowctl.emulator.services.flow_service.kinds import (
    CONNECTION,
    FLOW,
    KINDS,
    RUN,
    SOURCE_CONNECTION,
    TARGET_CONNECTION,
)
from flowctl.emulator.services.flow_service.patch import patcher
from flowctl.emulator.services.flow_service.read import list_specs, lister, read_spec, reader

_CREATE = {
    CONNECTION: create.create_connection,
    SOURCE_CONNECTION: create.create_source_connection,
    TARGET_CONNECTION: create.create_target_connection,
    FLOW: create.create_flow,
}

FLOW_SERVICE = Service(
    prefix="/data/foundation/flowservice",
    operations=(
        Operation("GET", "/connectionSpecs", list_specs("connectionSpec")),
        Operation("GET", "/connectionSpecs/{id}", read_spec("connectionSpec", "connectionSpecs")),
        Operation("GET", "/flowSpecs", list_specs("flowSpec")),
        Operation("GET", "/flowSpecs/{id}", read_spec("flowSpec", "flowSpecs")),
        Operation("GET", "/runs", lister(RUN)),
        Operation("GET", "/runs/{id}", reader(RUN)),
        *(
            operation
            for kind in KINDS
            for operation in (
                Operation("GET", f"/{kind.collection}", lister(kind)),
                Operation("POST", f"/{kind.collection}", _CREATE[kind]),
                Operation("GET", f"/{kind.collection}/{{id}}", reader(kind)),
                Operation("PATCH", f"/{kind.collection}/{{id}}", patcher(kind)),
                Operation("DELETE", f"/{kind.collection}/{{id}}", deleter(kind)),
            )
        ),
    ),
    refusals=REFUSALS,
)
