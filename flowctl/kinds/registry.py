"""The kinds there are, by name, in the order in which a person would list a pipeline's parts."""

from collections.abc import Mapping
from typing import Final

from flowctl.kinds import (
    base_connection,
    data_type,
    dataset,
    descriptor,
    field_group,
    flow,
    mapping_set,
    namespace,
    profile,
    schema,
    source_connection,
    target_connection,
    xdm_class,
)
from flowctl.kinds.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        base_connection.KIND,
        namespace.KIND,
        data_type.KIND,
        xdm_class.KIND,
        field_group.KIND,
        schema.KIND,
        descriptor.KIND,
        profile.KIND,
        dataset.KIND,
        source_connection.KIND,
        target_connection.KIND,
        mapping_set.KIND,
        flow.KIND,
    )
}

PIPELINE: Final = next(kind for kind in KINDS.values() if kind.is_pipeline)
"""The kind whose object stands for its pipeline."""
