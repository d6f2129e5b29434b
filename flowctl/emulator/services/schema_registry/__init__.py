"""Schema Registry: XDM schemas, classes, field groups, data types, descriptors and unions."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.schema_registry import descriptors, rpc
from flowctl.emulator.services.schema_registry.errors import REFUSALS
from flowctl.emulator.services.schema_registry.listing import lister, looker
from flowctl.emulator.services.schema_registry.resources import GLOBAL_TYPES, TYPES
from flowctl.emulator.services.schema_registry.stats import read_stats
from flowctl.emulator.services.schema_registry.unions import list_unions, read_union
from flowctl.emulator.services.schema_registry.write import creator, deleter, patcher, replacer

SCHEMA_REGISTRY = Service(
    prefix="/data/foundation/schemaregistry",
    operations=(
        Operation("GET", "/stats", read_stats),
        *(
            operation
            for path, type_ in GLOBAL_TYPES.items()
            for operation in (
                Operation("GET", f"/global/{path}", lister("global", type_, path)),
                Operation("GET", f"/global/{path}/{{id}}", looker("global", type_)),
            )
        ),
        *(
            operation
            for path, type_ in TYPES.items()
            for operation in (
                Operation("GET", f"/tenant/{path}", lister("tenant", type_, path)),
                Operation("POST", f"/tenant/{path}", creator(type_)),
                Operation("GET", f"/tenant/{path}/{{id}}", looker("tenant", type_)),
                Operation("PUT", f"/tenant/{path}/{{id}}", replacer(type_)),
                Operation("PATCH", f"/tenant/{path}/{{id}}", patcher(type_)),
                Operation("DELETE", f"/tenant/{path}/{{id}}", deleter(type_)),
            )
        ),
        Operation("GET", "/rpc/export/{id}", rpc.export),
        Operation("POST", "/rpc/import", rpc.import_resources),
        Operation("GET", "/rpc/sampledata/{id}", rpc.sample_data),
        Operation("GET", "/rpc/auditlog/{id}", rpc.audit_log),
        Operation("GET", "/tenant/unions", list_unions),
        Operation("GET", "/tenant/unions/{id}", read_union),
        Operation("GET", "/tenant/descriptors", descriptors.list_descriptors),
        Operation("POST", "/tenant/descriptors", descriptors.create),
        Operation("GET", "/tenant/descriptors/{id}", descriptors.read),
        Operation("PUT", "/tenant/descriptors/{id}", descriptors.replace),
        Operation("DELETE", "/tenant/descriptors/{id}", descriptors.delete),
    ),
    refusals=REFUSALS,
)
