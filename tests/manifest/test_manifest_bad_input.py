"""One wrong thing in the contract's example: the code, the line, the column and the words of what is said."""

# ruff: noqa: E501 - tables read better in long lines

import pytest

MAPPING = "{source: Vid, destination: _id}"
START = "2026-12-01T00:00:00Z"

ONE_PROBLEM = [
    # replaced, by what, code, line, column, words
    ("kind: Pipeline", "kind: Pipline", "unknown-kind", 23, 7, "Did you mean `Pipeline`?"),
    ("kind: Pipeline", "kynd: Pipeline", "missing-key", 22, 1, "Rename `kynd` to `kind`"),
    ("kind: Connection ", "kind: [] ", "unknown-kind", 2, 7, "a list"),
    ("apiVersion: flowctl/v1\nkind: Dataset", "apiVersion: flowctl/v2\nkind: Dataset", "invalid-value", 16, 13, "flowctl/v1"),
    ("apiVersion: flowctl/v1\nkind: Dataset", "kind: Dataset", "missing-key", 16, 1, "missing required key `apiVersion`"),
    ("metadata: {name: contacts}", "metadata: {}", "missing-key", 18, 1, "missing required key `metadata.name`"),
    ("metadata: {name: contacts}", "metadata: contacts", "wrong-type", 18, 11, "a mapping"),
    ("name: hubspot-contacts ", "name: Hubspot_contacts ", "invalid-name", 25, 9, "Rename it, for example to `hubspot-contacts`"),
    ("name: hubspot-contacts ", 'name: "hubspot\\n" ', "invalid-name", 25, 9, "lowercase letters"),
    ("labels: {team: crm}", "labels: {team: 5}", "wrong-type", 28, 18, "Write it in quotes"),
    ("title: CRM contact", "title: 5", "wrong-type", 12, 8, "Found the number 5"),
    ("title: CRM contact", "title: ''", "invalid-value", 12, 8, "not empty"),
    ("title: CRM contact", "title:", "wrong-type", 12, 7, "Found nothing"),
    ("title: CRM contact", "titel: CRM contact", "unknown-key", 12, 1, "Did you mean `title`?"),
    ("interval: 1 ", "interval: abc ", "wrong-type", 46, 13, 'Found the string "abc"'),
    ("interval: 1 ", 'interval: "15" ', "wrong-type", 46, 13, "without quotes"),
    ("interval: 1 ", "interval: true ", "wrong-type", 46, 13, "Found true"),
    ("interval: 1 ", "interval: 1.5 ", "wrong-type", 46, 13, "an integer"),
    ("interval: 1 ", "interval: 0 ", "invalid-schedule", 46, 13, "at least 1"),
    ("  interval: 1 ", "  # interval: 1 ", "invalid-schedule", 43, 1, "missing required key `interval`"),
    ("frequency: day ", "frequency: daily ", "invalid-value", 45, 14, "Did you mean `day`?"),
    ("frequency: day ", "frequency: minute ", "invalid-schedule", 46, 13, 'at least 15 with `frequency` "minute"'),
    (START, "2026-12-01", "invalid-start-time", 44, 14, 'Found "2026-12-01"'),
    (START, "2026-12-01T00:00:00", "invalid-start-time", 44, 14, "time zone"),
    (START, "2026-02-30T00:00:00Z", "invalid-start-time", 44, 14, "a time that does not exist"),
    (START, "1796083200000", "invalid-start-time", 44, 14, "is in milliseconds"),
    (START, "[1]", "wrong-type", 44, 14, "a string or an integer"),
    ("  connection: hubspot", "  connection: hubspt", "missing-reference", 31, 15, "Did you mean `hubspot`?"),
    ("  schema: crm-contact ", "  schema: nothing-alike ", "missing-reference", 36, 11, "Known: `crm-contact`"),
    ("\nschema: crm-contact", "\nschema: crm-contacts", "missing-reference", 20, 9, "Did you mean `crm-contact`?"),
    ("  schema: crm-contact ", "  schema: {name: crm-contact} ", "unknown-key", 36, 12, "Move it to `metadata.name`"),
    ("  schema: crm-contact ", "  schema: {id: a, title: b} ", "conflicting-keys", 36, 3, "Keep one of them"),
    ("  schema: crm-contact ", "  schema: {} ", "missing-key", 36, 3, "Expected exactly one of `id` or `title`"),
    ("  schema: crm-contact ", "  schema: [a] ", "wrong-type", 36, 11, "a string or a mapping"),
    ("  schema: crm-contact ", "  schema: {id: 5} ", "wrong-type", 36, 16, "`dataset.schema.id` must be a string"),
    ("title: HubSpot contacts\n  schema", "titel: HubSpot contacts\n  schema", "unknown-key", 35, 3, "Did you mean `title`?"),
    (MAPPING, "{source: Vid, expression: x, destination: _id}", "conflicting-keys", 38, 19, "exactly one of"),
    (MAPPING, "{destination: _id}", "missing-key", 38, 5, "Add `source`, `expression` or `value`"),
    (MAPPING, "{source: Vid, destination: person.name.firstName}", "duplicate-destination", 39, 55, "The first is at line 38"),
    (MAPPING, "Vid", "wrong-type", 38, 5, "`mappings[0]` must be a mapping"),
    ("'lower(Email)'", "' '", "invalid-value", 40, 18, "a string that is not blank"),
    ("'lower(Email)'", f"'{'x' * 4097}'", "invalid-value", 40, 18, "Shorten it to 4096 characters"),
    ("data: {format: tabular}", "data: {format: delimited}", "invalid-format", 32, 18, "Expected `tabular`"),
    ("params: {path: Hubspot.Contacts}", "params: {pth: a}", "invalid-source-params", 33, 3, "Rename `pth` to `path`"),
    ("  connector: hubspot  ", "  connector: shopify  ", "connector-mismatch", 30, 14, "a.yaml:4 declares it for `hubspot`"),
    ("  connector: hubspot  ", "  connector: hubspott  ", "unknown-connector", 30, 14, "Did you mean `hubspot`?"),
    ("  connection: hubspot", "  # no connection", "missing-key", 29, 1, "needs a base connection (account)"),
    ('clientId: "${env', 'clentId: "${env', "invalid-auth-params", 7, 3, "Rename `clentId` to `clientId`"),
    ('"${env:HUBSPOT_CLIENT_SECRET}"', "[hunter2]", "wrong-type", 7, 64, "`auth.params.clientSecret` must be a string"),
    ("# flowSpec: CRMToAEP", "flowSpec: CRMtoAEP", "unknown-flow-spec", 49, 11, "Did you mean `CRMToAEP`?"),
    ("# flowSpec: CRMToAEP", "flowSpec: RestStorageToAEP", "flow-spec-mismatch", 49, 11, "Expected `CRMToAEP`"),
    ("partialIngestionPercent: 5", "partialIngestionPercent: 0", "invalid-options", 48, 67, "more than 0"),
    ("errorDiagnosticsEnabled: true", "errorDiagnosticsEnabled: yes", "wrong-type", 48, 36, "`true` or `false`"),
    ("# lifecycle: {onDelete: ...}", "lifecycle: {onDelete: never}", "invalid-value", 50, 23, "`auto`, `retain` or `delete`"),
    ("name: hubspot-contacts ", "name: contacts ", "duplicate-address", 34, 1, 'Dataset "contacts" in a.yaml:18'),
    ("Hubspot.Contacts}", "'${var:table}'}", "unknown-variable", 33, 18, "--var table=VALUE"),
    ("Hubspot.Contacts}", "'${env:TABLE}'}", "unset-variable", 33, 18, "export TABLE=..."),
    ("Hubspot.Contacts}", "'${env:MY-TABLE}'}", "malformed-substitution", 33, 18, "${env:MY-TABLE}"),
    ("Hubspot.Contacts}", "'${env:TABLE'}", "malformed-substitution", 33, 18, "$${"),
    ("Hubspot.Contacts}", "'${var: table}'}", "malformed-substitution", 33, 18, "without spaces"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "column", "words"), ONE_PROBLEM)
def test_one_wrong_thing_is_said_at_its_place(loaded, contract, old, new, code, line, column, words):
    assert old in contract
    problems = [d for d in loaded({"a.yaml": contract.replace(old, new, 1)}).diagnostics if d.code == code]
    assert len(problems) == 1, problems
    found = problems[0]
    assert (found.severity, found.span.file, found.span.line, found.span.column) == ("error", "a.yaml", line, column)
    assert words in f"{found.summary} {found.detail} {found.hint}"


def test_an_authentication_type_that_the_catalogue_lacks_is_a_warning_at_its_place(loaded, contract):
    text = contract.replace("specName: Basic Authentication", "specName: Basic", 1)
    (found,) = loaded({"a.yaml": text}).diagnostics
    assert (found.code, found.severity, found.span.line, found.span.column) == ("unknown-auth-spec", "warning", 6, 13)
    assert "Expected `Basic Authentication`" in found.detail
    assert "Experience Platform decides during plan" in found.detail


@pytest.mark.parametrize(("old", "new", "code"), [case[:3] for case in ONE_PROBLEM])
def test_nothing_is_said_in_the_words_of_a_validator(loaded, contract, old, new, code):
    for found in loaded({"a.yaml": contract.replace(old, new, 1)}).diagnostics:
        said = f"{found.summary} {found.detail} {found.hint}"
        assert "under any of the given schemas" not in said
        assert "is valid under each of" not in said
        assert "additionalProperties" not in said.replace("Additional properties", "additionalProperties")
        assert found.span is not None
        assert "hunter2" not in said


@pytest.mark.parametrize(
    ("schedule", "codes"),
    [
        ("{startTime: 1, frequency: once}", []),
        ("{startTime: 1, frequency: once, interval: 1}", ["invalid-schedule"]),
        ("{startTime: 1, frequency: once, interval: 1, backfill: true}", ["invalid-schedule", "invalid-schedule"]),
        ("{startTime: 1, frequency: minute, interval: 15}", []),
        ("{startTime: 1, frequency: minute, interval: 5}", ["invalid-schedule"]),
        ("{startTime: 1, frequency: week, interval: 1, backfill: false}", []),
        ("{}", ["missing-key", "missing-key"]),
        ("[]", ["wrong-type"]),
    ],
)
def test_schedules(loaded, contract, schedule, codes):
    start, end = contract.index("schedule:\n"), contract.index("options:")
    text = contract[:start] + f"schedule: {schedule}\n" + contract[end:]
    assert [found.code for found in loaded({"a.yaml": text}).diagnostics] == codes


def test_a_flow_of_a_batch_source_needs_a_schedule(loaded, contract):
    start, end = contract.index("schedule:\n"), contract.index("options:")
    (found,) = loaded({"a.yaml": contract[:start] + contract[end:]}).diagnostics
    assert (found.code, found.span.line) == ("missing-schedule", 22)


def test_two_documents_of_one_name(loaded, contract):
    pipeline = contract[contract.rindex("---") :]
    (found,) = loaded({"a.yaml": contract, "b/b.yaml": pipeline}).diagnostics
    assert (found.code, found.span.file, found.span.line, found.span.column) == ("duplicate-name", "b/b.yaml", 5, 9)
    assert "a.yaml:25" in found.detail


def test_one_name_in_two_kinds_is_allowed(loaded, contract):
    assert loaded({"a.yaml": contract.replace("contacts}", "hubspot}")}).diagnostics == ()


def test_a_missing_reference_says_that_a_file_could_not_be_read(loaded, contract):
    files = {"a.yaml": contract.replace("connection: hubspot", "connection: other"), "b.yaml": "a: [\n"}
    found = next(d for d in loaded(files).diagnostics if d.code == "missing-reference")
    assert "b.yaml could not be read completely" in found.detail
    assert found.hint == "Correct b.yaml first: the document may be there."
