"""The live flow specs: pipelines are checked against what the platform says today, not only against pinned copies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeAlias

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.understood import require_shallow, understood
from flowctl.kinds.flow_service import BASE
from flowctl.manifest.document import Document
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Resource
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.compare import differences
from flowctl.specs.flow_specs import FlowSpec, parse, pinned_by_id
from flowctl.specs.validate import option_problems, schedule_problems, transformation_problems
from flowctl.systems import result_of
from flowctl.text.positions import Step
from flowctl.validation.problem import Problem

SpecsUnderWay: TypeAlias = Mapping[str, Future[FlowSpec | None]]
"""The live flow specs by id, while they are being read."""

_MEMBERS = {"scheduleParams": "schedule", "options": "options"}
_TRANSFORMATIONS = {"Copy": "incremental", "Mapping": "mappings", "Encryption": "encryption"}


def read_live_specs(desired: Mapping[Address, Resource], send: Send, pool: ThreadPoolExecutor) -> SpecsUnderWay:
    """Begins to read the flow specs of the wanted flows."""
    flows = (resource for resource in desired.values() if resource.kind == "flow")
    known = (pinned_by_id(spec_id) for spec_id in sorted({flow.attributes["flowSpec"]["id"] for flow in flows}))
    return {spec.id: pool.submit(_live_spec, spec, send) for spec in known if spec is not None}


def check_live_specs(
    specs: SpecsUnderWay, desired: Mapping[Address, Resource], documents: Sequence[Document], send: Send
) -> tuple[Diagnostic, ...]:
    """What is wrong with the flows by their live flow specs, and where those differ from the pinned copies.

    Also refuses connection specs that the platform does not know. Raises PlatformError where it cannot be asked.
    """
    pipelines = {document.name: document for document in documents if document.kind == "Pipeline"}
    flows = [resource for resource in desired.values() if resource.kind == "flow"]
    live = {spec_id: result_of(answer) for spec_id, answer in specs.items()}
    return (
        *_differences(live),
        *_unknown_connection_specs(desired, documents, send),
        *(problem for flow in flows for problem in _flow_problems(flow, desired, live, pipelines[flow.address.name])),
    )


def _live_spec(pinned_spec: FlowSpec, send: Send) -> FlowSpec | None:
    request = Request(method="GET", path=f"{BASE}/flowSpecs", query=(("property", f'name=="{pinned_spec.name}"'),))
    items: list[Any] = understood(request, send(request), lambda reply: list(reply.body["items"]))
    return understood(request, Reply(status=200, body=items[0]), _parsed) if items else None


def _parsed(reply: Reply) -> FlowSpec:
    require_shallow(reply.body)
    return parse(reply.body)


def _differences(live: Mapping[str, FlowSpec | None]) -> Iterator[Diagnostic]:
    for spec_id, spec in live.items():
        pinned_spec = pinned_by_id(spec_id)
        if spec is None or pinned_spec is None:
            continue
        found = differences(pinned_spec, spec)
        if found:
            yield Diagnostic(
                severity=Severity.WARNING,
                code="flow-spec-differs",
                summary=f"the platform's flow spec {spec.name} differs from the copy that flowctl validates with",
                detail=" ".join(found),
                hint="Plans use the platform's; a newer flowctl may know it.",
            )


def _unknown_connection_specs(
    desired: Mapping[Address, Resource], documents: Sequence[Document], send: Send
) -> Iterator[Diagnostic]:
    users = {
        resource.attributes["connectionSpec"]["id"]: resource
        for resource in desired.values()
        if resource.kind in ("connection", "source_connection")
        and connector_by_spec_id(resource.attributes["connectionSpec"]["id"]) is None
    }
    if not users:
        return
    request = Request(method="GET", path=f"{BASE}/connectionSpecs", query=(("property", f"id=={','.join(users)}"),))
    known = understood(request, send(request), lambda reply: {item["id"] for item in reply.body["items"]})
    for spec_id, resource in users.items():
        if spec_id not in known:
            yield Diagnostic(
                code="unknown-connection-spec",
                summary=f"the platform has no connection spec {spec_id}",
                hint="Correct connectionSpec.id, or name a connector of the catalogue.",
                address=resource.address,
                span=_connection_spec_span(resource, documents),
            )


def _connection_spec_span(resource: Resource, documents: Sequence[Document]) -> SourceSpan | None:
    """Where the connection spec is named: in the Connection document, or in the source of the pipeline."""
    for document in documents:
        if document.name == resource.address.name:
            if document.kind == "Connection" and resource.kind == "connection":
                return document.span("connectionSpec", "id")
            if document.kind == "Pipeline" and resource.kind == "source_connection":
                return document.span("source", "connectionSpec", "id")
    return resource.span


def _flow_problems(
    flow: Resource,
    desired: Mapping[Address, Resource],
    live: Mapping[str, FlowSpec | None],
    document: Document,
) -> Iterator[Diagnostic]:
    spec_id = flow.attributes["flowSpec"]["id"]
    spec = live.get(spec_id)
    if spec is None:
        yield Diagnostic(
            code="unknown-flow-spec",
            summary=f"the platform has no flow spec {document.content.get('flowSpec') or spec_id}",
            hint="Check flowSpec, and that sources are provisioned for this organization.",
            address=flow.address,
            span=document.span(),
        )
        return
    source = desired.get(Address.of(flow.address.name, "source_connection"))
    connection_spec_id = source.attributes["connectionSpec"]["id"] if source else None
    if connection_spec_id is not None and connection_spec_id not in spec.source_spec_ids:
        yield Diagnostic(
            code="connector-not-served",
            summary=f"the platform's flow spec {spec.name} does not serve connection spec {connection_spec_id}",
            hint=f"Flow specs for this source: {_servers(connection_spec_id) or 'none known'}.",
            address=flow.address,
            span=document.span("source"),
        )
    if _accepts_the_same(spec, pinned_by_id(spec_id)):
        return
    attributes = flow.attributes
    for member, problems in (
        ("scheduleParams", schedule_problems(spec, attributes.get("scheduleParams"))),
        ("options", option_problems(spec, attributes.get("options"))),
        ("transformations", transformation_problems(spec, attributes.get("transformations") or ())),
    ):
        yield from (_diagnostic(member, problem, spec, flow, document) for problem in problems)


def _accepts_the_same(live: FlowSpec, copy: FlowSpec | None) -> bool:
    """Whether the check of the manifests against the pinned copy has said all that a check against this spec would."""
    return copy is not None and (live.schedule_schema, live.option_schema, live.transformation_schemas) == (
        copy.schedule_schema,
        copy.option_schema,
        copy.transformation_schemas,
    )


def _diagnostic(member: str, problem: Problem, spec: FlowSpec, flow: Resource, document: Document) -> Diagnostic:
    path: tuple[Step, ...]
    if member == "transformations":
        path = (_TRANSFORMATIONS[flow.attributes[member][problem.path[0]]["name"]],)
    else:
        path = (_MEMBERS[member], *problem.path)
    return Diagnostic(
        code="live-flow-spec-violated",
        summary=problem.message,
        detail=f"So says the platform's flow spec {spec.name}.",
        hint=problem.hint or "",
        address=flow.address,
        span=document.span(*path),
    )


def _servers(connection_spec_id: str) -> str:
    known = connector_by_spec_id(connection_spec_id)
    names: Iterable[str] = known.flow_specs if known else ()
    return ", ".join(names)
