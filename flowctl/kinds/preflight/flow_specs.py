"""The live flow specs: flows are checked against them, not only against the pinned copies in flowctl."""

from collections.abc import Iterator, Mapping, Sequence, Set

from flowctl.kinds.live_check import Desired, LiveCheck
from flowctl.kinds.live_flow_specs import live_flow_spec, live_flow_spec_of_id, spec_differences
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.resource import Reference, Resource
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.flow_specs import FlowSpec, pinned_by_id
from flowctl.specs.validate import option_problems, schedule_problems, transformation_problems
from flowctl.validation.problem import Problem
from flowctl.validation.wording import one_of


def flow_spec_check(flows: Sequence[Resource], desired: Desired) -> LiveCheck:
    """What is wrong with the flows by their live flow specs, and where those differ from the pinned copies."""
    known = {spec_id: pinned_by_id(spec_id) for spec_id in sorted({_spec_id(flow) for flow in flows})}
    asked = {
        spec_id: live_flow_spec(spec.name) if spec is not None else live_flow_spec_of_id(spec_id)
        for spec_id, spec in known.items()
    }
    answers = yield tuple(asked.values())
    live = {spec_id: answers.of(ask) for spec_id, ask in asked.items()}
    alike = frozenset(spec_id for spec_id, spec in live.items() if _accepts_the_same(spec, known[spec_id]))
    # Of nearly every flow this is all that there is to see.
    served = {spec_id: frozenset(spec.source_spec_ids) for spec_id, spec in live.items() if spec and spec_id in alike}
    others = [flow for flow in flows if _source_spec_id(flow, desired) not in served.get(_spec_id(flow), ())]
    problems = (problem for flow in others for problem in _problems(flow, desired, live, alike))
    return (*spec_differences(live), *problems)


def _spec_id(flow: Resource) -> str:
    return str(flow.attributes["flowSpec"]["id"])


def _problems(
    flow: Resource, desired: Desired, live: Mapping[str, FlowSpec | None], alike: Set[str]
) -> Iterator[Diagnostic]:
    """What is wrong with one flow; specs that are `alike` accept the same as their pinned copies."""
    spec = live.get(_spec_id(flow))
    if spec is None:
        yield Diagnostic(
            code="unknown-flow-spec",
            summary=f"Experience Platform has no flow spec `{_as_declared(flow)}`",
            hint="Correct `flowSpec` (`flowctl connectors NAME` shows those of a source), and check that sources are "
            "provisioned for this organization.",
            address=flow.address,
            span=flow.span,
        )
        return
    connection_spec_id = _source_spec_id(flow, desired)
    if connection_spec_id is not None and connection_spec_id not in spec.source_spec_ids:
        yield Diagnostic(
            code="connector-not-served",
            summary=f"flow spec `{spec.name}` does not support connection spec `{connection_spec_id}`",
            hint=_advice(connection_spec_id),
            address=flow.address,
            span=flow.place("sourceConnectionIds"),
        )
    if _spec_id(flow) in alike:
        return
    attributes = flow.attributes
    for member, problems in (
        ("scheduleParams", schedule_problems(spec, attributes.get("scheduleParams"))),
        ("options", option_problems(spec, attributes.get("options"))),
        ("transformations", transformation_problems(spec, attributes.get("transformations") or ())),
    ):
        yield from (_diagnostic(member, problem, spec, flow) for problem in problems)


def _as_declared(flow: Resource) -> str:
    """The name of a flow spec that the manifest names; the id of one that follows from the source."""
    spec = pinned_by_id(_spec_id(flow))
    is_named = flow.place("flowSpec") != flow.span
    return spec.name if spec is not None and is_named else _spec_id(flow)


def _source_spec_id(flow: Resource, desired: Desired) -> str | None:
    """The connection spec of the source connection that a flow refers to."""
    source = flow.attributes["sourceConnectionIds"][0]
    resource = desired.get(source.address) if isinstance(source, Reference) else None
    return str(resource.attributes["connectionSpec"]["id"]) if resource is not None else None


def _accepts_the_same(live: FlowSpec | None, copy: FlowSpec | None) -> bool:
    """Whether the check of the manifests against the pinned copy has said all that a check against this spec would."""
    if live is None or copy is None:
        return False
    mine = (live.schedule_schema, live.option_schema, live.transformation_schemas)
    return mine == (copy.schedule_schema, copy.option_schema, copy.transformation_schemas)


def _diagnostic(member: str, problem: Problem, spec: FlowSpec, flow: Resource) -> Diagnostic:
    path = problem.path
    if member == "transformations":
        path = (f"[{flow.attributes[member][path[0]]['name']}]",)
    return Diagnostic(
        code="live-flow-spec-violated",
        summary=problem.message,
        detail=f"The rule is from the live flow spec `{spec.name}`.",
        hint=problem.hint or "Correct the value in the manifest.",
        address=flow.address,
        span=flow.place(member, *path),
    )


def _advice(connection_spec_id: str) -> str:
    known = connector_by_spec_id(connection_spec_id)
    if known is None or not known.flow_specs:
        return "Correct `flowSpec`, or the connector of the source."
    return f"Set `flowSpec` to {one_of([f'`{name}`' for name in known.flow_specs])}."
