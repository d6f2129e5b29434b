"""Documents of schema parts: what is declared, what is refused before anything is sent, and mappings to own fields."""

from collections.abc import ItemsView, Iterator, Mapping
from pathlib import Path

import pytest

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.graph import desired_graph, resources_of
from flowctl.manifest.index import Named
from flowctl.manifest.reading.load import load
from flowctl.settings.workspace import find

HEAD = "apiVersion: flowctl/v1\nkind: %s\nmetadata: {name: %s}\n"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
GROUP = HEAD % ("FieldGroup", "loyalty") + "extends: [%s]\nfields:\n  %s\n"
SCHEMA = HEAD % ("Schema", "customer") + f"class: {PROFILE}\nfieldGroups: [loyalty]\n"
FIELDS = "loyalty.id: {type: string}\n  loyalty.points: {type: integer}"
PIPELINE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: p}
source: {connection: {id: 11111111-aaaa-4bbb-8ccc-000000000001}, connector: postgresql, params: {tableName: t}}
dataset: {title: d, schema: customer}
mappings:
  - {source: id, destination: %s}
schedule: {startTime: 2026-12-01T00:00:00Z, frequency: once}
"""


def read(root: Path, files: Mapping[str, str], tenant: str = "acme") -> Manifests:
    (root / "flowctl.yaml").write_text("apiVersion: flowctl/v1\nkind: Workspace\n", encoding="utf-8")
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return load(find(root), variables={}, environ={}, environment="dev", tenant=lambda: tenant)


def codes(found: Manifests) -> list[str]:
    return [problem.code for problem in found.diagnostics if problem.code != "cache-unusable"]


def test_rows_and_nested_objects_are_the_same_fields(tmp_path: Path) -> None:
    flat = read(tmp_path, {"a.yaml": GROUP % (PROFILE, "a.b: {type: string}\n  a.c: {type: date}")})
    one = dict(desired_graph(flat.documents))
    nested = read(
        tmp_path, {"a.yaml": GROUP % (PROFILE, "a: {type: object, fields: {b: {type: string}, c: {type: date}}}")}
    )
    assert [each.attributes for each in desired_graph(nested.documents).values()] == [
        each.attributes for each in one.values()
    ]
    assert [entry["path"] for entry in one["loyalty.field_group"].attributes["fields"]] == [
        "_acme.a",
        "_acme.a.b",
        "_acme.a.c",
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("items: {type: string}", "field-name"),
        ("a.properties: {type: string}", "field-name"),
        ("_a: {type: string}", "field-name"),
        ("'a b': {type: string}", "field-name"),
        ("a..b: {type: string}", "field-name"),
        ("'xdm:a': {type: string}", "field-name"),
        ("a: {type: text}", "field-type"),
        ("a: {title: A}", "field-type"),
        ("a: {type: array}", "field-type"),
        ("a: {type: object}", "field-type"),
        ("a: {type: map}", "field-type"),
        ("a: {type: string}\n  a.b: {type: string}", "field-type"),
        ("a: {type: object, fields: {b: {tipe: string}}}", "unknown-key"),
        ("a: {type: integer, pattern: x}", "field-limit"),
        ("a: {type: string, minimum: 1}", "field-limit"),
        ("a: {type: integer, minimum: 2, maximum: 1}", "field-limit"),
        ("a: {type: string, pattern: '('}", "field-limit"),
        ("a: {type: string, format: date}", "field-limit"),
        ("a: {type: integer, format: uri}", "field-limit"),
        ("a: {type: boolean, suggested: {x: X}}", "field-limit"),
        ("a: {type: integer, default: x}", "field-limit"),
        ("a: {type: integer, default: true}", "field-limit"),
        ("a: {ref: https://ns.adobe.com/xdm/common/address, pattern: x}", "field-limit"),
        ("a: {type: string, enum: [x], default: y}", "field-limit"),
        ("a: {ref: nowhere}", "missing-reference"),
        ("a.b: {type: string}\n  a: {type: object, fields: {b: {type: string}}}", "duplicate-field"),
    ],
)
def test_a_field_that_schema_registry_does_not_take_is_refused(tmp_path: Path, fields: str, code: str) -> None:
    assert code in codes(read(tmp_path, {"a.yaml": GROUP % (PROFILE, fields)}))


@pytest.mark.parametrize(
    "fields",
    [
        "a: {type: string, minLength: 2, maxLength: 2}",
        "a: {type: boolean, default: true}",
        "a: {type: array, items: {type: object, fields: {b: {type: string}}}}",
        "a: {type: object, title: A, fields: {b: {type: string}}}\n  a.c: {type: string}",
    ],
)
def test_a_field_that_schema_registry_takes_is_sound(tmp_path: Path, fields: str) -> None:
    assert codes(read(tmp_path, {"a.yaml": GROUP % (PROFILE, fields)})) == []


def test_names_with_capitals_and_many_fields_are_fine(tmp_path: Path) -> None:
    fields = "\n  ".join(f"Shop.Field{number}: {{type: string}}" for number in range(500))
    found = read(tmp_path, {"a.yaml": GROUP % (PROFILE, fields)})
    assert codes(found) == []
    assert len(desired_graph(found.documents)["loyalty.field_group"].attributes["fields"]) == 501  # type: ignore[index]


def test_a_data_type_that_contains_itself_is_refused(tmp_path: Path) -> None:
    text = "---\n".join(HEAD % ("DataType", name) + f"fields: {{x: {{ref: {ref}}}}}\n" for name, ref in ("ab", "ba"))
    assert codes(read(tmp_path, {"a.yaml": text})) == ["recursive-data-type", "recursive-data-type"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("identities: [{path: '_${tenant}.loyalty.idd', namespace: Email}]", "identity-path"),
        ("identities: [{path: '_${tenant}.loyalty.points', namespace: Email}]", "identity-type"),
        ("identities: [{path: nowhere, namespace: Email}]", "identity-path"),
        (
            "identities:\n- {path: '_${tenant}.loyalty.id', namespace: A}\n- {path: _acme.loyalty.id, namespace: B}",
            "duplicate-identity",
        ),
        (
            "identities:\n- {path: '_${tenant}.loyalty.id', namespace: A, primary: true}\n"
            "- {path: personID, namespace: B, primary: true}",
            "two-primary-identities",
        ),
        ("profile: true", "profile-without-identity"),
        ("displayNames: {'_${tenant}.loyalty.idd': {title: ID}}", "identity-path"),
        ("displayNames: {nowhere: {title: ID}}", "identity-path"),
        ("relationships: [{path: '_${tenant}.loyalty.id', to: customer}]", "relationship-target"),
        ("relationships: [{path: '_${tenant}.loyalty.id', to: nowhere}]", "missing-reference"),
    ],
)
def test_what_a_schema_cannot_have_is_refused(tmp_path: Path, more: str, code: str) -> None:
    text = GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA + more + "\n"
    assert code in codes(read(tmp_path, {"a.yaml": text}))


def test_a_field_of_every_type_can_have_a_display_name(tmp_path: Path) -> None:
    names = "".join(f"  {path}: {{title: A name}}\n" for path in ("_acme.loyalty", "_acme.loyalty.points", "personID"))
    text = GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA + "displayNames:\n" + names
    assert codes(read(tmp_path, {"a.yaml": text})) == []


def test_a_display_name_of_a_missing_field_is_told_at_its_path(tmp_path: Path) -> None:
    text = GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA + "displayNames:\n  _acme.loyalty.idd:\n    title: ID\n"
    (problem,) = [each for each in read(tmp_path, {"a.yaml": text}).diagnostics if each.code == "identity-path"]
    assert problem.span is not None
    assert text.splitlines()[problem.span.line - 1] == "  _acme.loyalty.idd:"


def test_a_field_with_an_empty_path_is_the_only_one_that_is_told(tmp_path: Path) -> None:
    text = GROUP % (PROFILE, '"": {type: string}\n  id: {type: string}')
    assert codes(read(tmp_path, {"a.yaml": text})) == ["field-name"]


def test_a_field_group_has_to_fit_the_class(tmp_path: Path) -> None:
    assert "field-group-class" in codes(read(tmp_path, {"a.yaml": GROUP % (EVENT, FIELDS) + "---\n" + SCHEMA}))
    assert codes(read(tmp_path, {"a.yaml": GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA})) == []
    behind = SCHEMA.replace("[loyalty]", f"[{PROFILE}-person-details, loyalty]")
    assert "field-group-class" in codes(read(tmp_path, {"a.yaml": GROUP % (EVENT, FIELDS) + "---\n" + behind}))


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("'_${tenant}.loyalty.id'", []),
        ("_acme.loyalty.id", []),
        ("'_${tenant}.loyalty.idd'", ["destination-unknown"]),
        ("_other.loyalty.id", ["destination-unknown"]),
        ("'_${tenant}.loyalty.points'", []),
    ],
)
def test_mappings_are_checked_against_own_fields(tmp_path: Path, destination: str, expected: list[str]) -> None:
    text = GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA + "---\n" + PIPELINE % destination
    found = [code for code in codes(read(tmp_path, {"a.yaml": text})) if code.startswith(("destination", "tenant"))]
    assert [code for code in found if code != "tenant-mismatch"] == expected or "tenant-mismatch" in found


def test_without_a_known_tenant_own_fields_are_checked_as_well(tmp_path: Path) -> None:
    text = GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA + "---\n" + PIPELINE
    good = read(tmp_path, {"a.yaml": text % "'_${tenant}.loyalty.id'"}, tenant="")
    assert (codes(good), good.lacks_tenant) == ([], True)
    wrong = read(tmp_path, {"a.yaml": text % "'_${tenant}.loyalty.idd'"}, tenant="")
    assert codes(wrong) == ["destination-unknown"]


@pytest.mark.parametrize(
    ("destination", "hint"),
    [
        ("_other.loyalty.id", "Write `_${tenant}.loyalty.id`: `${tenant}` stands"),
        ("_acme.loyalty.idd", "Did you mean `id`?"),
        ("_experiense.adcloud", "Did you mean `_experience`?"),
    ],
)
def test_a_path_of_another_tenant_is_told_from_a_misspelled_one(tmp_path: Path, destination: str, hint: str) -> None:
    schema = SCHEMA.replace(PROFILE, EVENT).replace(
        "[loyalty]", "[loyalty, https://ns.adobe.com/experience/adcloud-experienceevent]"
    )
    text = "---\n".join((GROUP % (EVENT, FIELDS), schema, PIPELINE % destination))
    found = [each for each in read(tmp_path, {"a.yaml": text}).diagnostics if each.code == "destination-unknown"]
    assert [each.hint[: len(hint)] for each in found] == [hint]


@pytest.mark.parametrize("fields", [FIELDS, ""])
def test_the_hint_for_another_tenant_shows_no_environment_variable(tmp_path: Path, fields: str) -> None:
    (tmp_path / "flowctl.yaml").write_text("apiVersion: flowctl/v1\nkind: Workspace\n", encoding="utf-8")
    schema = "schema: customer" if fields else "schema: {title: Other}"
    rows = "_acme.loyalty.id}\n  - {source: other, destination: '${env:WHERE}'"
    parts = [GROUP % (PROFILE, FIELDS), SCHEMA, (PIPELINE % rows).replace("schema: customer", schema)]
    (tmp_path / "a.yaml").write_text("---\n".join(parts), encoding="utf-8")
    environ = {"WHERE": "_other.canary"}
    found = load(find(tmp_path), variables={}, environ=environ, environment="dev", tenant=lambda: "acme").diagnostics
    (problem,) = [each for each in found if each.code in ("destination-unknown", "tenant-mismatch")]
    assert "canary" not in f"{problem.summary}{problem.detail}{problem.hint}"
    assert problem.hint


def test_two_namespaces_of_one_code_are_refused(tmp_path: Path) -> None:
    text = "---\n".join(
        HEAD % ("Namespace", name) + f"code: {code}\nidType: Email\n" for name, code in (("a", "X"), ("b", "x"))
    )
    assert codes(read(tmp_path, {"a.yaml": text})) == ["duplicate-namespace"]


def test_a_dataset_in_profile_needs_a_schema_in_profile(tmp_path: Path) -> None:
    dataset = HEAD % ("Dataset", "d") + "schema: customer\nprofile: true\n"
    text = GROUP % (PROFILE, FIELDS) + "---\n" + SCHEMA + "---\n" + dataset
    assert codes(read(tmp_path, {"a.yaml": text})) == ["schema-not-enabled"]


class _NotWalked(Named):
    def __iter__(self) -> Iterator[tuple[str, str]]:
        raise AssertionError("a schema looks at every document")


def test_a_schema_part_looks_up_what_it_names_and_walks_no_other_documents(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "a.yaml": GROUP % ("visit", "a: {ref: address}"),
            "b.yaml": SCHEMA.replace(PROFILE, "visit"),
            "c.yaml": HEAD % ("Class", "visit") + "behavior: record\nfields: {b: {ref: address}}\n",
            "d.yaml": HEAD % ("DataType", "address") + "fields: {street: {ref: street}}\n",
            "e.yaml": HEAD % ("DataType", "street") + "fields: {name: {type: string}}\n",
        },
    )
    assert codes(found) == []
    known = _NotWalked({(document.kind, document.name): document for document in found.documents})
    made = {each.address: each for document in found.documents for each in resources_of(document, known)}
    assert {address: sorted(each.depends_on) for address, each in made.items()} == {
        "loyalty.field_group": ["address.data_type", "visit.class"],
        "customer.schema": ["loyalty.field_group", "visit.class"],
        "visit.class": ["address.data_type"],
        "address.data_type": ["street.data_type"],
        "street.data_type": [],
    }


class _WalksCounted(Named):
    walks = 0

    def items(self) -> ItemsView[tuple[str, str], Document]:
        self.walks += 1
        return super().items()


def test_schemas_collect_the_namespaces_of_the_documents_once(tmp_path: Path) -> None:
    path = "_${tenant}.loyalty.id"
    other = '{path: "_${tenant}.loyalty.name", namespace: None}'
    identity = f'identities: [{{path: "{path}", namespace: acmeCRM, primary: true}}, {other}]\n'
    relationship = f'relationships: [{{path: "{path}", to: customer}}]\n'
    found = read(
        tmp_path,
        {
            "a.yaml": GROUP % (PROFILE, FIELDS + "\n  loyalty.name: {type: string}"),
            "b.yaml": SCHEMA + identity,
            "c.yaml": SCHEMA.replace("customer", "order") + relationship,
            "d.yaml": HEAD % ("Namespace", "crm") + "title: CRM\ncode: AcmeCRM\nidType: Cross_device\n",
            "e.yaml": HEAD % ("Namespace", "store") + "title: Store\ncode: AcmeStore\nidType: Cross_device\n",
        },
    )
    assert codes(found) == []
    known = _WalksCounted({(document.kind, document.name): document for document in found.documents})
    made = {each.address: each.depends_on for document in found.documents for each in resources_of(document, known)}
    assert {address for address, needs in made.items() if "crm.namespace" in needs} == {
        "customer.descriptor[_acme.loyalty.id]",
        "order.descriptor[_acme.loyalty.id reference]",
    }
    assert made["customer.descriptor[_acme.loyalty.name]"] == {"customer.schema"}
    assert known.walks == 1
