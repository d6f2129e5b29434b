"""Pull: read the schemas that manifests refer to and only Experience Platform has, for checks without a network."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from flowctl.durable import replace_text
from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.reading import find_objects, read_object
from flowctl.engine.observe.understood import understood
from flowctl.kinds.identifier import SCHEMA_ID
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.index import named
from flowctl.manifest.pulled import Pulled, PulledSchema, document
from flowctl.manifest.reading.pulled_schemas import pulled_file
from flowctl.manifest.target_schema import resource_ids, schema_of
from flowctl.model.errors import FlowctlError, Refused
from flowctl.model.json_value import JSONObject
from flowctl.model.report import PulledSchemas
from flowctl.operations.session import Session
from flowctl.specs.resolved_schema import (
    IDENTITIES,
    TENANT,
    ResolvedResource,
    next_page,
    primary_identities,
    resource_of,
    resource_request,
    tenant_of,
)
from flowctl.xdm.library import standard
from flowctl.xdm.schema_fields import facts_of

_RESOURCES = ("classes", "fieldgroups")
_CONTAINERS = ("tenant", "global")


def pull(session: Session, manifests: Manifests) -> PulledSchemas:
    """Read the schemas, and write them to the file of the environment.

    What is not found is told in the result and stays unchecked. Raises PlatformError, and FlowctlError if the file
    cannot be written.
    """
    references, ids = _wanted(manifests.documents)
    found = {each: _schema_id(each, session.send) for each in references}
    schemas = {id_: _resource(("schemas",), ("tenant",), id_, session.send) for id_ in set(found.values()) if id_}
    resources = {id_: _resource(_RESOURCES, _CONTAINERS, id_, session.send) for id_ in ids}
    identities = _identities(session.send) if schemas else {}
    pulled = Pulled(
        tenant=understood(TENANT, session.send(TENANT), tenant_of),
        references={each: id_ for each, id_ in found.items() if schemas.get(id_) is not None},
        schemas={id_: _pulled(id_, each, identities) for id_, each in schemas.items() if each is not None},
        resources={id_: _facts(each) for id_, each in resources.items() if each is not None},
    )
    file = pulled_file(session.environment.name)
    _write(session.workspace.root / file, document(pulled))
    both = {**schemas, **resources}
    return PulledSchemas(
        file=file,
        found=tuple((id_, each.title, each.version) for id_, each in sorted(both.items()) if each is not None),
        missing=tuple(
            sorted({_words(each) for each in references if each not in pulled.references} | _absent(resources)),
        ),
    )


def _words(reference: str) -> str:
    kind, by, value = reference.split(" ", 2)
    return f'{kind} with {by} "{value}"'


def _absent(resources: Mapping[str, ResolvedResource | None]) -> set[str]:
    return {id_ for id_, each in resources.items() if each is None}


def _wanted(documents: Sequence[Document]) -> tuple[Sequence[str], Sequence[str]]:
    """The references to schemas of Experience Platform, and the classes and field groups that are not standard ones."""
    by_name = named(documents)
    schemas = [schema_of(each, by_name) for each in documents if each.kind == "Pipeline"]
    references = sorted({each for each in schemas if isinstance(each, str)})
    ids = {id_ for each in documents if each.kind == "Schema" for id_ in resource_ids(each)}
    return references, sorted(id_ for id_ in ids if ":" in id_ and standard().get(id_) is None)


def _schema_id(reference: str, send: Send) -> str:
    """The `$id` of a schema that is referred to; empty if there is none. Titles are unique in a sandbox."""
    kind, by, value = reference.split(" ", 2)
    if by == "title":
        titled = find_objects(KINDS[kind], value, send)
        return titled[0].id if titled else ""
    if SCHEMA_ID.holds(value):
        return value
    live = read_object(KINDS[kind], value, send)
    return live.outputs.get("schema_id", "") if live is not None else ""


def _resource(types: Sequence[str], containers: Sequence[str], id_: str, send: Send) -> ResolvedResource | None:
    """The resource of an ID, wherever it is; None if it is nowhere."""
    for container in containers:
        for type_ in types:
            request = resource_request(type_, id_, container)
            try:
                return understood(request, send(request), resource_of)
            except Refused as error:
                if error.status != 404:
                    raise
    return None


def _identities(send: Send) -> Mapping[str, Sequence[str]]:
    """The paths of the primary identities of each schema."""
    found: dict[str, list[str]] = {}
    read = pages(
        IDENTITIES,
        send,
        read=lambda request, reply: understood(request, reply, primary_identities),
        names=lambda page: page,
        next_page=next_page,
    )
    for schema, path in (each for page in read for each in page):
        found.setdefault(schema, []).append(path)
    return found


def _pulled(id_: str, found: ResolvedResource, identities: Mapping[str, Sequence[str]]) -> PulledSchema:
    return PulledSchema(
        id=id_,
        title=found.title,
        class_=found.class_,
        version=found.version,
        facts=facts_of(dict(found.tree)),
        primary=tuple(identities.get(found.id, ())),
    )


def _facts(found: ResolvedResource) -> JSONObject:
    return {"title": found.title, "version": found.version, **facts_of(dict(found.tree))}


def _write(path: Path, content: JSONObject) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    except OSError as error:
        raise FlowctlError.because(
            "output-unwritable",
            f"cannot write {path}: {error.strerror or error}",
            hint="Correct the permissions of the folder.",
        ) from error
