# ruff: noqa: E501 - tables read better in long lines
"""What is found in mappings before anything is sent: each problem by its code, at its character."""

from __future__ import annotations

import pytest
from manifest_texts import CREDENTIALS, found

from flowctl.manifest.checks.mapping_rules import RULES
from flowctl.manifest.published import schema
from flowctl.model.codes import CODES
from flowctl.model.diagnostic import Severity
from flowctl.model.errors import ManifestError

IDENTITY_MAP = "https://ns.adobe.com/xdm/context/identitymap"
PROFILE = "class: https://ns.adobe.com/xdm/context/profile"
EVENT = "class: https://ns.adobe.com/xdm/context/experienceevent"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        # The eleven mappings that an earlier release applied, or found only because of their form.
        ("  - {source: a, destination: person.name.§firstNam}\n", "destination-unknown"),
        ("  - {source: a, destination: §persn.name.firstName}\n", "destination-unknown"),
        ("  - {expression: '§lowr(Email)', destination: person.name.firstName}\n", "unknown-function"),
        ("  - expression: concat(\"a\",§\n    destination: person.name.firstName\n", "expression-syntax"),
        ("  - {expression: §lower(), destination: person.name.firstName}\n", "too-few-arguments"),
        ("  - {expression: '§to_object(\"a\", 1)', destination: person.name.firstName}\n", "object-into-scalar"),
        ("  - {expression: '§\"x\"', destination: person.birthYear}\n", "literal-type"),
        ("  - {source: a, destination: §identityMap}\n", "destination-unknown"),
        ("  - {source: a.§.b, destination: person.name.firstName}\n", "source-path-syntax"),
        ("  - {source: a, destination: _id}\n  - {source: b, destination: §_id}\n", "duplicate-destination"),
        ("  - {expression: §' ', destination: person.name.firstName}\n", "invalid-value"),
        # Expressions, in every form of a YAML string.
        ("  - expression: |\n      upper(\n        §lowr(a))\n    destination: person.name.firstName\n", "unknown-function"),
        ("  - expression: >-\n      upper(\n      §lowr(a))\n    destination: person.name.firstName\n", "unknown-function"),
        ('  - {expression: "concat(\\"a\\", §lowr(b))", destination: person.name.firstName}\n', "unknown-function"),
        ("  - {expression: 'concat(''a'', §lowr(b))', destination: person.name.firstName}\n", "unknown-function"),
        ("  - {expression: lower(§First Name), destination: person.name.firstName}\n", "unwrapped-name"),
        ("  - {expression: lower(§and), destination: person.name.firstName}\n", "reserved-word"),
        ("  - {expression: a §= b, destination: person.name.firstName}\n", "expression-statement"),
        ("  - {expression: 'date(§2026-01-08)', destination: person.birthDate}\n", "bare-date"),
        ("  - {expression: 'date(§2026-11-12)', destination: person.birthDate}\n", "bare-date"),
        ("  - {expression: 'lower(a) §d', destination: _id}\n", "expression-syntax"),
        ("  - {expression: '§is_set(\"a\")', destination: _id}\n", "deprecated-function"),
        ("  - {expression: '§timestamp', destination: _id}\n", "field-named-like-function"),
        ("  - {expression: 'lower(§${a.b})', destination: _id}\n", "ambiguous-dot"),
        ("  - {expression: 'concat(a, §\"${b}\")', destination: _id}\n", "placeholder-in-text"),
        ("  - {expression: '§\"a\" + 1', destination: _id}\n", "string-plus-number"),
        ("  - {expression: 'explode(a, §\"|\")', destination: person}\n", "explode-unescaped"),
        ("  - {expression: 'date(a, §\"YYYY-MM-dd\")', destination: person.birthDate}\n", "week-year"),
        ("  - {expression: 'date(a, §\"hh:mm\")', destination: person.birthDate}\n", "twelve-hour-without-am-pm"),
        ("  - {expression: 'date(§\"31.12.26\")', destination: person.birthDate}\n", "date-default-format"),
        ("  - {expression: 'date(§\"12112020\")', destination: person.birthDate}\n", "ambiguous-date"),
        ("  - {expression: 'lower(split(a, §\"::\"))', destination: _id}\n", "split-is-a-set"),
        ("  - {source: order-id, destination: _id}\n  - {expression: 'lower(§order-id)', destination: person.name.firstName}\n", "hyphen-is-minus"),
        ("  - {expression: 'concat(${a-b-c}, §a-b-c)', destination: person.name.firstName}\n", "hyphen-is-minus"),
        ("  - {expression: '§filterArray(a, x -> x > 1)', destination: person}\n", "flow-kind-function"),
        ("  - {expression: 'upper(§aa_get_event_id(a, \"event1\"))', destination: _id}\n", "flow-kind-function"),
        ("  - {expression: '§upsert_array_append(a)', destination: person}\n", "upsert-outside-streaming"),
        # Destinations.
        ("  - {source: a, destination: _acme.a}\n  - {source: b, destination: §_acne.b}\n", "tenant-mismatch"),
        ("  - {source: a, destination: §person.name.firstName}\n  - {source: b, destination: person}\n", "object-copy-override"),
        ("  - {source: a, destination: §/person/name/firstName}\n", "destination-syntax"),
        ("  - {source: a, destination: §properties.person}\n", "destination-syntax"),
        ("  - {source: a, destination: person.§xdm:name}\n", "destination-syntax"),
        ("  - {source: a, destination: person.§}\n", "destination-syntax"),
        ('  - {source: a, destination: "person.§name[x]"}\n', "destination-syntax"),
        ('  - {source: a, destination: "person.§name[0].firstName"}\n', "destination-index-on-scalar"),
        ("  - {source: a, destination: person.§nationalities.x}\n", "destination-unknown"),
        ("  - {source: a, destination: person.§favouritePet}\n", "destination-unknown"),
        ("  - {source: a, destination: §workEmail.address}\n", "field-group-missing"),
        ('  - {source: "a[*].b", destination: §person.name.firstName}\n', "wildcard-count"),
        # Types.
        ("  - {expression: '§explode(a)', destination: person.gender}\n", "array-into-scalar"),
        ("  - {expression: '§lower(a)', destination: person.name}\n", "scalar-into-object"),
        ("  - {value: §x, destination: person.name}\n", "scalar-into-object"),
        ("  - {value: §x, destination: person.birthYear}\n", "literal-type"),
        ("  - {value: §40000, destination: person.birthYear}\n", "number-range"),
        ("  - {value: §hello, destination: person.gender}\n", "enum-value"),
        ("  - {expression: 'iif(a == 1, \"male\", §\"man\")', destination: person.gender}\n", "enum-value"),
        ("  - {expression: 'decode(a, \"m\", §\"man\", \"female\")', destination: person.gender}\n", "enum-value"),
        ("  - {expression: 'decode(a, \"m\", \"male\", §\"x\")', destination: person.gender}\n", "enum-value"),
        ("  - {expression: 'a == 1 ? \"male\" : §\"x\"', destination: person.gender}\n", "enum-value"),
        ("  - {value: §x, destination: person.birthDayAndMonth}\n", "string-constraint"),
        ("  - {value: §maybe, destination: personalEmail.primary}\n", "boolean-text"),
        ("  - {value: §x, destination: person.birthDate}\n", "literal-type"),
        ("  - {expression: '§trim(a)', destination: person.birthYear}\n", "text-into-number"),
        ("  - {expression: 'iif(a == 1, b, §trim(c))', destination: person.birthDate}\n", "text-into-date"),
    ],
)  # fmt: skip
def test_a_problem_is_found_at_its_character(loaded, contract, row, code):
    assert found(loaded, contract, row) == [(code, True)]


@pytest.mark.parametrize(
    "row",
    [
        "  - {source: a, destination: person}\n",
        "  - {source: a, destination: _acme.loyalty.level}\n",
        "  - {source: First Name, destination: person.name.firstName}\n",
        "  - {source: 'a\\.b', destination: person.name.firstName}\n",
        "  - {expression: 'iif(a == 1, \"male\", null)', destination: person.gender}\n",
        "  - {expression: 'to_object(\"firstName\", a)', destination: person.name}\n",
        "  - {expression: 'nullify()', destination: person.name}\n",
        "  - {expression: '\"1970\"', destination: person.birthYear}\n",
        "  - {value: 1970, destination: person.birthYear}\n",
        "  - {value: true, destination: personalEmail.primary}\n",
        "  - {value: male, destination: person.gender}\n",
        "  - {value: 02-29, destination: person.birthDayAndMonth}\n",
        "  - {value: 2000-02-29, destination: person.birthDate}\n",
        "  - {value: 90, destination: homeAddress._schema.latitude}\n",
        "  - {value: -90, destination: homeAddress._schema.latitude}\n",
        "  - {expression: 'date(a, \"yyyy-MM-dd hh:mm a\")', destination: person.birthDate}\n",
        "  - {expression: 'date(a, \"YYYY ww\")', destination: person.birthDate}\n",
        "  - {expression: 'date(\"20201231\")', destination: person.birthDate}\n",
        "  - {expression: \"date(a, \\\"yyyy 'Year h'\\\")\", destination: person.birthDate}\n",
        "  - {expression: 'explode(a, \",\")', destination: person.name}\n",
        "  - {expression: '1 + \"a\" * 2 - b', destination: _id}\n",
        "  - {source: order-id, destination: _id}\n  - {expression: 'lower(order - id)', destination: person.name.firstName}\n",
        "  - {source: order-id, destination: _id}\n  - {expression: 'a-b', destination: person.birthYear}\n",
        "  - {source: a, destination: _acme.a}\n  - {source: b, destination: _acme.b}\n",
        "  - {source: a, destination: _id}\n  - {source: b, destination: _acme.b}\n  - {source: c, destination: _experience.analytics.x}\n",
        "  - {source: a, destination: personalEmail.address}\n  - {source: b, destination: personalEmail.primary}\n",
        "  - {expression: 'format(date(a), \"yyyy-MM-dd\")', destination: person.birthDate}\n",
        "  - {expression: to_integer(trim(a)), destination: person.birthYear}\n",
        "  - {expression: 'iif(a == 1, \"m\", null)', destination: person.name.firstName}\n",
    ],
)  # fmt: skip
def test_nothing_is_said_about_what_may_be_right(loaded, contract, row):
    assert found(loaded, contract, row) == []


def test_elements_of_an_array_are_numbered_from_zero(loaded, contract):
    text = contract.replace("profile-personal-details]", "profile-personal-details, " + IDENTITY_MAP + "]")
    row = "  - {expression: explode(a), destination: 'identityMap.Email[*].id'}\n"
    assert found(loaded, text, row) == []
    row = '  - {source: a, destination: "identityMap.Email§[1].id"}\n'
    assert found(loaded, text, row) == [("destination-index-gap", True)]
    assert found(loaded, text, '  - {source: a, destination: "identityMap.Email[0].id"}\n') == []
    first = '  - {source: a, destination: "identityMap.Email[0].id"}\n'
    row = first + '  - {source: a, destination: "identityMap.Email§[2].id"}\n'
    assert found(loaded, text, row) == [("destination-index-gap", True)]
    assert found(loaded, text, "  - {source: a, destination: identityMap.§Email.id}\n") == [
        ("destination-needs-index", True)
    ]


def test_required_fields_need_a_mapping_or_a_copy_of_their_parent(loaded, contract):
    event = contract.replace(PROFILE, EVENT)
    place = "required-unmapped"
    row = "  - {source: a, destination: person.name.firstName}\n"
    (problem,) = loaded(
        {
            "a.yaml": event[: event.index("  - {source: Vid")]
            + row
            + "schedule: {startTime: 2036-01-01T00:00:00Z, frequency: once}\n"
        }
    ).diagnostics
    assert (problem.code, problem.span.column) == (place, 1)
    assert "`_id` and `timestamp`" in problem.summary
    both = "  - {source: a, destination: _id}\n  - {source: b, destination: timestamp}\n"
    assert found(loaded, event, both) == []


@pytest.mark.parametrize(
    "old",
    ["schema: crm-contact             # a Schema document's name; or {id: ...} or {title: ...} of one that already exists"],
)  # fmt: skip
def test_a_schema_that_only_the_platform_has_is_not_checked(loaded, contract, old):
    for new in ("schema: {title: Contacts}", "schema: {id: https://ns.adobe.com/acme/schemas/1}"):
        assert found(loaded, contract.replace(old, new), "  - {source: a, destination: persn.nam}\n") == []


def test_a_field_group_that_is_not_known_may_have_the_field(loaded, contract):
    text = contract.replace(
        "profile-personal-details]", "profile-personal-details, https://ns.adobe.com/acme/mixins/1]"
    )
    assert found(loaded, text, "  - {source: a, destination: favouritePet}\n") == []
    assert found(loaded, text, "  - {source: a, destination: §persn}\n") == [("destination-unknown", True)]


def test_an_emoji_counts_as_two_characters_of_the_limit(loaded, contract):
    row = "  - {expression: §\"'%s'\", destination: person.name.firstName}\n" % ("😀" * 2048)
    assert [code for code, _ in found(loaded, contract, row)] == ["expression-too-long"]


def test_a_value_of_the_environment_is_not_quoted(loaded, contract):
    row = "  - {expression: 'lowr(${env:SOME_TEXT})', destination: person.name.firstName}\n"
    text = contract.replace("  - {source: Vid, destination: _id}\n", row)
    manifests = loaded({"a.yaml": text}, environ={**CREDENTIALS, "SOME_TEXT": "canary"})
    problems = [each for each in manifests.diagnostics if each.code in RULES]
    assert [each.code for each in problems] == ["unknown-function"]
    assert not any("canary" in part for each in problems for part in (each.summary, each.detail, each.hint))
    assert "lower" not in problems[0].hint  # the nearest name tells of the value too


@pytest.mark.parametrize(
    ("rules", "severity"), [("off", None), ("warning", Severity.WARNING), ("error", Severity.ERROR)]
)
def test_the_workspace_sets_the_severity_of_a_rule(loaded, contract, rules, severity):
    workspace = f"apiVersion: flowctl/v1\nkind: Workspace\nrules: {{unknown-function: {rules}}}\n"
    text = contract.replace("lower(Email)", "lowr(Email)")
    problems = loaded({"flowctl.yaml": workspace, "a.yaml": text}).diagnostics
    assert [each.severity for each in problems] == ([] if severity is None else [severity])


@pytest.mark.parametrize("rules", ["", "rules: {placeholder-in-text: off}\n", "rules: {placeholder-in-text: error}\n"])
def test_a_warning_hides_no_error_at_the_same_place(loaded, contract, rules):
    """A value that came out of a substitution has one place for all of its problems."""
    text = contract.replace("lower(Email)", 'concat("$${X}", lowr(Email))')
    problems = loaded({"flowctl.yaml": f"apiVersion: flowctl/v1\nkind: Workspace\n{rules}", "a.yaml": text}).diagnostics
    wanted = "placeholder-in-text" if "error" in rules else "unknown-function"
    assert [(each.code, each.severity) for each in problems] == [(wanted, Severity.ERROR)]


def test_the_first_of_two_warnings_at_one_place_is_reported(loaded, contract):
    text = contract.replace("lower(Email)", 'concat("$${X}", split(Email, ",;")[0])')
    assert [each.code for each in loaded({"a.yaml": text}).diagnostics] == ["placeholder-in-text"]


def test_a_rule_that_does_not_exist_is_refused_with_the_nearest(loaded, contract):

    workspace = "apiVersion: flowctl/v1\nkind: Workspace\nrules: {unknown-functoin: off}\n"
    with pytest.raises(ManifestError) as raised:
        loaded({"flowctl.yaml": workspace, "a.yaml": contract})
    (problem,) = raised.value.diagnostics
    assert problem.code == "unknown-key"
    assert "unknown-function" in problem.hint


def test_every_rule_has_its_row_its_default_and_its_place_in_the_workspace():

    assert list(schema("Workspace")["properties"]["rules"]["properties"]) == list(RULES)
    for code, rule in RULES.items():
        assert CODES[code].severities == (rule.severity,)


@pytest.mark.parametrize(
    ("mappings", "hint"),
    [
        ("  - {source: a, destination: _acme.a}\n  - {source: b, destination: _acne.b.c}\n", "Write `_${tenant}.b.c`: `${tenant}` stands"),
        ("  - {source: a, destination: _experiense.analytics}\n  - {source: b, destination: _acme.b}\n", "Write `_${tenant}.b`"),
    ],
)  # fmt: skip
def test_the_hint_for_another_tenant_is_the_variable(loaded, contract, mappings, hint):
    text = contract[: contract.index("  - {source: Vid")] + mappings
    (problem,) = loaded({"a.yaml": text + "schedule: {startTime: 2036-01-01T00:00:00Z, frequency: once}\n"}).diagnostics
    assert problem.hint.startswith(hint)
