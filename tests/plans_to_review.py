"""Plans for the formats that reviewers read: one with every action, and one of hostile words."""

from typing import Any

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Effect, Note, Origin, Reason
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.plan import Drift, DriftedAttribute, IgnoredAttribute, Plan
from flowctl.model.resource import Sensitive, Unknown

DIGEST = "ab" * 32
NOW = 1_795_716_000
"""2026-11-26 18:00 UTC."""
HOSTILE = "`|@user <script>alert(1)</script>]]>::error::##[error]&amp;\u202e\x1b[31m\r\n::warning::-->\"'"


def attribute(path: str, before: Any = None, after: Any = None, **members: Any) -> AttributeChange:
    return AttributeChange(steps=tuple(path.split(".")), before=before, after=after, **members)


def mapping(destination: str, member: str = "", before: Any = None, after: Any = None) -> AttributeChange:
    steps = ("mappings", f"[{destination}]", *([member] if member else []))
    return AttributeChange(steps=steps, before=before, after=after)


def change(address: str, action: Action, *attributes: AttributeChange, **members: Any) -> Change:
    at = Address(address)
    given = {
        "reason": Reason.NOT_RECORDED if action is Action.CREATE else Reason.ATTRIBUTES_CHANGED,
        "origin": Origin(
            pipeline=None if at.kind in ("connection", "schema") else at.name,
            span=None if action is Action.DELETE else SourceSpan(file=f"pipelines/{at.name}.yaml", line=7),
        ),
    }
    return Change(address=at, action=action, attributes=attributes, **{**given, **members})


def plan(*changes: Change, **members: Any) -> Plan:
    given = {
        "environment": "dev",
        "organization": "ORG@AdobeOrg",
        "sandbox": "dev-sandbox",
        "lineage": "l",
        "serial": 1,
        "manifest_digest": "d",
        "made_at": NOW,
        "digest": DIGEST,
    }
    return Plan(**{**given, "changes": changes, **members})


def field(path: str, *, before: Any = None, after: Any = None) -> AttributeChange:
    """A field that comes or goes."""
    sides = {name: {"path": path, **side} for name, side in (("before", before), ("after", after)) if side is not None}
    return AttributeChange(steps=("fields", f"[{path}]"), **sides)


def field_member(path: str, member: str, before: Any = None, after: Any = None) -> AttributeChange:
    return AttributeChange(steps=("fields", f"[{path}]", member), before=before, after=after)


def plan_of_fields() -> Plan:
    """Fields that come, change, are deprecated and go in one change, and a new data type."""
    string, root = {"type": "string"}, "_acme.loyalty"
    return plan(
        change("amount.data_type", Action.CREATE, field("currency", after=string), field("value", after=string)),
        change(
            "loyalty.field_group",
            Action.UPDATE,
            attribute("title", "Loyalty", "Acme loyalty"),
            field(f"{root}.card", after={**string, "title": "Card", "pattern": "^C[0-9]{8}$", "required": True}),
            field_member(f"{root}.id", "deprecated", after=True),
            field(f"{root}.level", before={**string, "title": "Level", "enum": ["1", "2"], "labels": {"1": "One"}}),
            field(f"{root}.orders", after={"type": "array", "minItems": 1}),
            field(f"{root}.orders[*]", after={"type": "object"}),
            field(f"{root}.orders[*].sku", after=string),
            field(f"{root}.orders[*].total", after={"ref": Unknown(Address("amount.data_type"))}),
            field_member(f"{root}.points", "minimum", before=0),
            field_member(f"{root}.points", "title", "Points", "All points"),
            field_member(f"{root}.tier", "enum", ["gold", "silver"], ["bronze", "gold", "silver"]),
        ),
    )


def rich_plan(**members: Any) -> Plan:
    """Every action, mappings that come, go and change, a schedule, drift, a broken rule and a warning."""
    hourly = {"frequency": "hour", "interval": 6, "startTime": 1_795_600_800, "backfill": True}
    removed = Reason.NOT_IN_MANIFEST
    because = {"reason": Reason.DEPENDENCY_REPLACED, "because_of": (Address("shop-orders.source_connection"),)}
    again = Note("Backfill: the first run of the new flow reads everything again.", Effect.INGESTS_HISTORY)
    data = Note("The dataset and all its data are deleted (lifecycle.onDelete: delete).", Effect.DELETES_DATA)
    needs = {"depends_on": frozenset({Address("shop-orders.source_connection"), Address("shop-orders.mapping_set")})}
    given = {
        "kept": (Change(address=Address("shop.schema"), action=Action.NO_OP, reason=Reason.UP_TO_DATE),),
        "drift": (
            Drift(
                address=Address("partner-files.flow"),
                attributes=(DriftedAttribute(steps=("description",), recorded="Files", observed="Edited"),),
            ),
            Drift(address=Address("old-tickets.flow"), missing=True),
        ),
        "ignored": (
            IgnoredAttribute(
                address=Address("partner-files.flow"),
                steps=("options", "errorDiagnosticsEnabled"),
                observed=False,
                desired=True,
            ),
        ),
        "diagnostics": (
            Diagnostic(code="live-state", severity=Severity.WARNING, summary="the flow is disabled", hint="Look."),
            Diagnostic(
                code="rule-broken",
                summary="Pipeline shop-orders breaks the rule `owner-label`",
                detail="The label `owner` is required. The rule is in policies/house.yaml:13.",
                hint="Correct the manifest, or add a waiver to its `metadata.waivers`.",
                span=SourceSpan(file="pipelines/shop-orders.yaml", line=9, column=11),
            ),
        ),
    }
    return plan(
        change("warehouse.connection", Action.CREATE, attribute("name", None, "Warehouse"),
               attribute("auth.params.password", None, Sensitive("canary-1"), sensitive=True)),
        change("partner-files.mapping_set", Action.UPDATE,
               mapping("personalEmail.address", "expression", "lower(email)", "trim(lower(email))"),
               mapping("person.name.lastName", "", None, {"source": "name", "destination": "person.name.lastName"}),
               mapping("mobilePhone.number", "", {"source": "tel", "destination": "mobilePhone.number"})),
        change("partner-files.flow", Action.UPDATE,
               attribute("scheduleParams.frequency", "day", "hour"), attribute("scheduleParams.interval", 1, 6),
               attribute("transformations.[Mapping].params.mappingVersion", 0, Unknown(Address("a.mapping_set"))),
               schedule=hourly),
        change("new-leads.flow", Action.CREATE, attribute("name", None, "Leads"),
               attribute("scheduleParams.frequency", None, "once"), schedule={"frequency": "once", "startTime": 0}),
        change("crm-contacts.flow", Action.IMPORT, attribute("name", "CRM", "CRM contacts"), remote_id="id-9"),
        change("shop-orders.source_connection", Action.REPLACE,
               attribute("params.tableName", "public.orders", "public.sales", forces_replacement=True),
               reason=Reason.FORCES_REPLACEMENT),
        change("shop-orders.flow", Action.REPLACE, notes=(again,), **because, **needs),
        change("old-tickets.flow", Action.DELETE, reason=removed, remote_id="id-1"),
        change("old-tickets.dataset", Action.DELETE, reason=removed, notes=(data,), remote_id="id-2"),
        change("old-tickets.mapping_set", Action.FORGET, reason=Reason.NOT_DELETABLE, notes=("It cannot be deleted.",)),
        **{**given, **members},
    )  # fmt: skip


def hostile_plan(words: str = HOSTILE) -> Plan:
    """The words at every place that a manifest, a file name or Experience Platform can fill."""
    place = SourceSpan(file=f"pipelines/{words}.yaml", line=2)
    origin = Origin(pipeline="shop", labels={words: words}, span=place)
    address = Address.of("shop", "flow", "key")
    values = (
        AttributeChange(steps=("params", words), before=words, after=[words, {words: words}]),
        AttributeChange(steps=("mappings", f"[{words}]", "expression"), before=words, after=words),
        AttributeChange(steps=("auth", "params", "password"), after=Sensitive("canary-2"), sensitive=True),
    )
    return plan(
        Change(
            address=Address.of("shop", "mapping_set"),
            action=Action.UPDATE,
            reason=Reason.ATTRIBUTES_CHANGED,
            attributes=(values[1],),
            origin=origin,
        ),
        Change(
            address=address,
            action=Action.REPLACE,
            reason=Reason.FORCES_REPLACEMENT,
            attributes=values,
            notes=(words, Note(words, Effect.DELETES_DATA)),
            origin=origin,
            schedule={"frequency": words, "interval": words, "startTime": words},
            because_of=(address,),
        ),
        drift=(
            Drift(
                address=address, attributes=(DriftedAttribute(steps=("a", words), recorded=words, observed=[words]),)
            ),
        ),
        ignored=(IgnoredAttribute(address=address, steps=("a", words), observed=words, desired=[words]),),
        diagnostics=tuple(
            Diagnostic(code="x", summary=words, detail=words, hint=words, severity=severity, span=place)
            for severity in Severity
        ),
        targets=(words,),
        sandbox=words,
    )


def large_plan(count: int) -> Plan:
    """So many pipelines; every hundredth is deleted, and the one after it is replaced."""
    actions = {0: Action.DELETE, 1: Action.REPLACE}
    return plan(
        *(
            change(
                f"pipeline-{number:04}.flow",
                actions.get(number % 100, Action.UPDATE),
                attribute("name", "old", "new"),
                attribute("description", "a", "b" * 150),
            )
            for number in range(count)
        )
    )
