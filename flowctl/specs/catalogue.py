"""The connector catalogue: what each source is called, which connection spec it is and what that asks for.

Read from `schemas/connectors/NAME.json`, whose shape is `schemas/connector.schema.json`. The specs of the workspace
stand beside them; one with the ID of a connector of the catalogue takes its place.
"""

from collections.abc import Mapping
from functools import cache

from flowctl.model.json_value import JSON
from flowctl.specs.active import own_specs
from flowctl.specs.connector import Connector, auth_specs
from flowctl.specs.files import file_stems, read_json

FOLDER = "connectors"
_DOCUMENTS = "https://github.com/AdobeDocs/experience-platform.en/blob/main/help/sources/tutorials/api/"
"""Where the pages are that `documents` of a connector names."""


def connector(name: str) -> Connector | None:
    """The connector of that name, or None. Reads that one file only."""
    return own_specs().connectors.get(name) or packaged_connector(name)


@cache
def packaged_connector(name: str) -> Connector | None:
    """The connector of that name in the catalogue, or None."""
    entry = read_json(FOLDER, name)
    return None if entry is None else _connector(entry)


def connector_names() -> tuple[str, ...]:
    """The names of all connectors, in order. No file is parsed."""
    own = own_specs().connectors
    return tuple(sorted({*file_stems(FOLDER), *own})) if own else file_stems(FOLDER)


def connector_by_spec_id(spec_id: str) -> Connector | None:
    """The connector with that connection spec id, or None. Reads all files, once."""
    return own_specs().by_spec_id.get(spec_id.lower()) or packaged_by_spec_id().get(spec_id)


@cache
def packaged_by_spec_id() -> Mapping[str, Connector]:
    """The connectors of the catalogue by connection spec ID."""
    known = (packaged_connector(name) for name in file_stems(FOLDER))
    return {found.spec_id: found for found in known if found}


def _connector(entry: JSON) -> Connector:
    spec = entry["connectionSpec"]
    return Connector(
        name=entry["name"],
        title=entry["title"],
        category=entry["category"],
        spec_id=spec["id"],
        spec_version=spec["version"],
        formats=tuple(entry["formats"]),
        flow_spec=entry["flowSpec"],
        flow_specs=tuple(entry["flowSpecs"]),
        needs_base_connection=entry["baseConnection"],
        verified=entry["verified"],
        evidence=entry["evidence"],
        documents=tuple(f"{_DOCUMENTS}{path}.md" for path in entry["documents"]),
        auth_specs=auth_specs(spec),
        source_type=spec["sourceSpec"]["type"],
        source_schema=spec["sourceSpec"]["spec"],
    )
