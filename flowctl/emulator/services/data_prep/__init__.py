"""Data Prep: mapping sets with their versions, the expression language, sample data and source schemas."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.data_prep import expressions, mapping_sets, preview, stored, validation
from flowctl.emulator.services.refusals import GENERIC

DATA_PREP = Service(
    prefix="/data/foundation/conversion",
    operations=(
        Operation("GET", "/mappingSets", mapping_sets.list_sets),
        Operation("POST", "/mappingSets", mapping_sets.create),
        Operation("POST", "/mappingSets/validate", validation.validate, changes=False),
        Operation("POST", "/mappingSets/preview", preview.preview, changes=False),
        Operation("POST", "/languages/el/validate", expressions.validate_expression, changes=False),
        Operation("GET", "/languages/el/functions", expressions.list_functions),
        Operation("GET", "/languages/el/operators", expressions.list_operators),
        Operation("GET", "/mappingSets/{id}", mapping_sets.read),
        Operation("PUT", "/mappingSets/{id}", mapping_sets.replace),
        Operation("DELETE", "/mappingSets/{id}", mapping_sets.delete),
        Operation("GET", "/mappingSets/{id}/mappings", mapping_sets.list_mappings),
        Operation("GET", "/mappingSets/{id}/mappings/{mapping_id}", mapping_sets.read_mapping),
        Operation("GET", "/samples", stored.lister(stored.SAMPLE)),
        Operation("POST", "/samples", stored.creator(stored.SAMPLE)),
        Operation("GET", "/samples/{id}", stored.reader(stored.SAMPLE)),
        Operation("PUT", "/samples/{id}", stored.replace_sample),
        Operation("GET", "/schemas", stored.lister(stored.SCHEMA)),
        Operation("POST", "/schemas", stored.creator(stored.SCHEMA)),
        Operation("GET", "/schemas/{id}", stored.reader(stored.SCHEMA)),
    ),
    refusals=GENERIC,
)

PREP_UPLOADS = tuple(
    Service(
        prefix=f"/data/foundation/conversion/{name}/upload",
        operations=(Operation("POST", "/", stored.uploader(kind)),),
        refusals=GENERIC,
        media_types=(),
    )
    for name, kind in (("samples", stored.SAMPLE), ("schemas", stored.SCHEMA))
)
"""Files are of any type; services come before the one whose paths begin alike."""
