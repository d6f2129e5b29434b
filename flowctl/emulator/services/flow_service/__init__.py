"""Flow Service: connections, source and target connections, flows, runs and the specs that describe them."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.flow_service import create, explore, runs
from flowctl.emulator.services.flow_service.actions import action
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
from flowctl.emulator.services.flow_service.read import (
    list_specs,
    lister,
    read_spec,
    reader,
    refuse_spec_change,
)
from flowctl.emulator.services.flow_service.search import search_flow_specs, searcher

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
        Operation("GET", "/connectionSpecs/{id}/explore", explore.explore_spec),
        Operation("GET", "/connectionSpecs/{id}/configs", explore.spec_configs),
        Operation("POST", "/connectionSpecs", refuse_spec_change),
        Operation("PUT", "/connectionSpecs/{id}", refuse_spec_change),
        Operation("POST", "/flowSpecs", refuse_spec_change),
        Operation("PUT", "/flowSpecs/{id}", refuse_spec_change),
        Operation("POST", "/flowSpecs/search", search_flow_specs, changes=False),
        Operation("POST", "/connections/search", searcher(CONNECTION), changes=False),
        Operation("POST", "/flows/search", searcher(FLOW), changes=False),
        Operation("GET", "/connections/{id}/test", explore.test_connection),
        Operation("GET", "/connections/{id}/explore", explore.explore_connection),
        Operation("GET", "/connections/{id}/configs", explore.connection_configs),
        Operation("GET", "/runs", lister(RUN)),
        Operation("POST", "/runs", runs.create_run),
        Operation("GET", "/runs/{id}", reader(RUN)),
        Operation("PUT", "/runs/{id}", runs.update_run),
        Operation("POST", "/runs/{id}/action", runs.retrigger),
        *(
            operation
            for kind in KINDS
            for operation in (
                Operation("GET", f"/{kind.collection}", lister(kind)),
                Operation("POST", f"/{kind.collection}", _CREATE[kind]),
                Operation("GET", f"/{kind.collection}/{{id}}", reader(kind)),
                Operation("PATCH", f"/{kind.collection}/{{id}}", patcher(kind)),
                Operation("DELETE", f"/{kind.collection}/{{id}}", deleter(kind)),
                Operation("POST", f"/{kind.collection}/{{id}}/action", action(kind)),
            )
        ),
    ),
    refusals=REFUSALS,
)
