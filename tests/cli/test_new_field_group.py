"""From a sample file, or from Adobe's CSV template, to the manifest of a field group."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from surroundings import Workspace

MEMBERS = (
    "Loyalty ID,points,balance,is_active,joined,birthday,seen,zip,empty,items,été,big,order.total,_id,born,x/y,x y\n"
    "L1,5,1.5,true,2026-01-31,31/01/1990,2026-01-31 09:00:00,01234,,a,b,4000000000,1,7,1990-01-31,1,2\n"
    "L2,7,2,FALSE,2026-02-01,01/02/1991,2026-01-31 10:00:00,99999,,a,b,1,2.5,8,01/02/1991,3,4\n"
)
ORDERS: list[dict[str, Any]] = [
    {
        "id": 1,
        "at": "2026-01-01T00:00:00.5Z",
        "who": {"first name": "Ana", "age": 7},
        "lines": [{"sku": "a", "n": 1}, {"sku": "b", "price": 2.5, "when": "01.02.2026"}],
        "tags": ["a"],
        "none": [],
        "any": {},
        "mixed": "a",
        "grid": [[1]],
        "huge": 10**17,
    },
    {"id": 2, "who": {"age": 1.5, "address": {"city": "Bern"}}, "mixed": 7},
]
TEMPLATE = (
    "isIgnored,isCustom,fieldGroupId,fieldGroupName,fieldPath,displayName,fieldDescription,dataType,isRequired,isArray,"
    "isIdentity,identityNamespace,isPrimaryIdentity,{low},{high},enum,stringPattern,format,minLength,maxLength,"
    "properties,$ref,comment\n"
    "TRUE,,,,,,,,,,,,,,,,,,,,,,https://ns.adobe.com/xdm/context/experienceevent~Visits~About visits\n"
    ",FALSE,,Demographic Details,person/name/firstName,,,string,,,,,,,,,,,,,,,\n"
    ",TRUE,,Demographic Details,person/name/_other/nick,,,string,,,,,,,,,,,,,,,\n"
    ",TRUE,,,_other{dot}member{dot}no,Member,Number of the member,string,TRUE,,TRUE,Email,TRUE,,,,^M,,1,9,,,\n"
    ",TRUE,,,_other{dot}score,,,number,,,,,,0,10.5,,,,,,,,\n"
    ',TRUE,,,_other{dot}tier,,,string,,,,,,,,"{enum}",,,,,,,\n'
    ",TRUE,,,_other{dot}day,,,string,,,,,,,,,,date,,,,,\n"
    ",TRUE,,,_other{dot}mail,,,string,,,,,,,,,,email,,,,,\n"
    ",TRUE,,,_other{dot}small,,,short,,TRUE,,,,,,,,,,,,,\n"
    ',TRUE,ID9,Second group,_other{dot}box,,,object,,,,,,,,,,,,,"{{""a"": {{""type"": ""integer""}}}}",,\n'
    ",TRUE,,Second group,_other{dot}people,,,object,,TRUE,,,,,,,,,,,,https://ns.adobe.com/xdm/context/person,\n"
)


@pytest.fixture
def workspace(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A workspace with manifests in `schemas` and no document."""
    made = Workspace(root=tmp_path_factory.mktemp("drafts"), capsys=capsys)
    made.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [schemas]\n")
    (made.root / "schemas").mkdir()
    return made


def drafted(workspace: Workspace, name: str, text: str, *options: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the command says of a file with this text, and the documents that it wrote, which are sound."""
    workspace.write(f"samples/{name}", text)
    result = workspace.run(
        "new", "fieldgroup", "--from", str(workspace.root / "samples" / name), *options, "--format", "json"
    )
    assert result.code == 0, result.out + result.err
    assert workspace.run("fmt", "--check", result.json["file"]).code == 0
    checked = workspace.run("validate")
    assert checked.code == 0, checked.out + checked.err
    written = (workspace.root / result.json["file"]).read_text(encoding="utf-8")
    return result.json, list(yaml.safe_load_all(written))


def notes(said: dict[str, Any]) -> dict[str, str]:
    return {each["path"]: each["note"] for each in said["fields"] if each["note"]}


def test_columns_become_fields_with_the_types_of_their_values(workspace: Workspace) -> None:
    said, [document] = drafted(workspace, "loyalty-members.csv", MEMBERS)
    assert (said["name"], said["file"], said["rows"]) == ("loyalty-members", "schemas/loyalty-members.yaml", 2)
    assert document["title"] == "Loyalty members"
    assert document["extends"] == ["https://ns.adobe.com/xdm/context/profile"]
    assert document["fields"] == {
        "Loyalty_ID": {"type": "string", "title": "Loyalty ID"},
        "points": {"type": "integer"},
        "balance": {"type": "number"},
        "is_active": {"type": "boolean"},
        "joined": {"type": "date"},
        "birthday": {"type": "date"},
        "seen": {"type": "date-time"},
        "zip": {"type": "string"},
        "empty": {"type": "string"},
        "items_": {"type": "string", "title": "items"},
        "ete": {"type": "string", "title": "été"},
        "big": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991},
        "order_total": {"type": "number", "title": "order.total"},
        "id": {"type": "integer", "title": "_id"},
        "born": {"type": "string"},
        "x_y": {"type": "integer", "title": "x/y"},
        "x_y_2": {"type": "integer", "title": "x y"},
    }
    assert notes(said) == {
        "birthday": "the sample writes dd/MM/yyyy, which a mapping has to convert",
        "seen": "the sample writes yyyy-MM-dd HH:mm:ss, which a mapping has to convert",
        "zip": "its values are of several types: integer, string",
        "empty": "the sample has no value of it, so the type is a guess",
    }


def test_what_is_in_question_is_a_comment_over_its_field_and_no_value_is_written(workspace: Workspace) -> None:
    drafted(workspace, "members.csv", MEMBERS)
    text = (workspace.root / "schemas" / "members.yaml").read_text(encoding="utf-8")
    assert "  # the sample writes dd/MM/yyyy, which a mapping has to convert\n  birthday: {type: date}\n" in text
    assert text.startswith("# Proposed from 2 rows of members.csv.\napiVersion: flowctl/v1\n")
    assert "L1" not in text
    assert "99999" not in text


@pytest.mark.parametrize(
    ("values", "type_", "form"),
    [
        (["01/02/2026", "03/04/2026"], "date", "dd/MM/yyyy or MM/dd/yyyy"),
        (["01/31/2026", "03/04/2026"], "date", "MM/dd/yyyy"),
        (["1/2/2026", "31/12/2026"], "date", "d/M/yyyy"),
        (["31.01.2026"], "date", "dd.MM.yyyy"),
        (["2026/01/31"], "date", "yyyy/MM/dd"),
        (["2026-01-31T09:00:00"], "date-time", "yyyy-MM-dd'T'HH:mm:ss"),
        (["2026-01-31T09:00:00.123"], "date-time", "yyyy-MM-dd'T'HH:mm:ss"),
        (["31/01/2026 09:00"], "date-time", "dd/MM/yyyy HH:mm"),
        (["2026-01-31T09:00:00+01:00", "2026-01-31T09:00:00.1Z"], "date-time", ""),
        (["2026-02-30"], "string", ""),
        (["2026-01-31", "2026-01-31T09:00:00Z"], "string", ""),
        (["2026-01-31", "soon"], "string", ""),
    ],
)
def test_dates_are_told_by_their_form(workspace: Workspace, values: list[str], type_: str, form: str) -> None:
    said, _ = drafted(workspace, "dates.ndjson", "\n".join(json.dumps({"day": value}) for value in values))
    [day] = said["fields"]
    expected = f"the sample writes {form}, which a mapping has to convert" if form else ""
    assert (day["type"], day["note"]) == (type_, expected)


def test_objects_lead_to_fields_and_lists_hold_them(workspace: Workspace) -> None:
    said, [document] = drafted(workspace, "orders.json", json.dumps(ORDERS))
    assert document["fields"] == {
        "id": {"type": "integer"},
        "at": {"type": "date-time"},
        "who.first_name": {"type": "string", "title": "first name"},
        "who.age": {"type": "number"},
        "who.address.city": {"type": "string"},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "fields": {
                    "sku": {"type": "string"},
                    "n": {"type": "integer"},
                    "price": {"type": "number"},
                    "when": {"type": "date"},
                },
            },
        },
        "tags": {"type": "array", "items": {"type": "string"}},
        "none": {"type": "array", "items": {"type": "string"}},
        "any": {"type": "map", "values": {"type": "string"}},
        "mixed": {"type": "string"},
        "grid": {"type": "string"},
        "huge": {"type": "string"},
    }
    assert notes(said) == {
        "lines": "[*].when: the sample writes dd.MM.yyyy, which a mapping has to convert",
        "any": "the sample has no value inside, so it may be a map",
        "mixed": "its values are of several types: integer, string",
        "grid": "an array of arrays has no type in XDM: a mapping has to convert it",
        "huge": "some values are larger than an integer can be",
    }


def test_an_object_of_many_names_is_a_map(workspace: Workspace) -> None:
    _, [document] = drafted(workspace, "many.json", json.dumps({"by_day": {f"d{each}": each for each in range(300)}}))
    assert document["fields"] == {"by_day": {"type": "map", "values": {"type": "integer"}}}


def test_a_parquet_file_has_nested_fields_and_types(workspace: Workspace) -> None:
    duckdb = pytest.importorskip("duckdb")
    (workspace.root / "samples").mkdir()
    path = workspace.root / "samples" / "rows.parquet"
    query = "SELECT 1 AS id, DATE '2026-01-31' AS day, {'city': 'Bern', 'no': 7} AS home, [1.5, 2.0] AS list"
    duckdb.sql(query).write_parquet(str(path))
    result = workspace.run("new", "fieldgroup", "--from", str(path), "--format", "json")
    assert result.code == 0, result.err
    assert {each["path"]: each["type"] for each in result.json["fields"]} == {
        "id": "integer",
        "day": "date",
        "home.city": "string",
        "home.no": "integer",
        "list": "array",
    }


def test_the_proposal_is_created_and_planned_again_without_changes(workspace: Workspace) -> None:
    drafted(workspace, "orders.json", json.dumps(ORDERS))
    assert workspace.run("apply", "--auto-approve").code == 0
    assert workspace.plan().json["changes"] == []


@pytest.mark.parametrize(
    ("low", "dot", "values"), [("min", "/", '[""gold"", ""silver""]'), ("minimum", ".", "[gold,silver]")]
)
def test_the_template_of_the_registry_is_read_in_both_documented_forms(
    workspace: Workspace, low: str, dot: str, values: str
) -> None:
    text = TEMPLATE.format(low=low, high=low.replace("min", "max", 1), dot=dot, enum=values)
    said, [first, second] = drafted(workspace, "visits.csv", text)
    assert first["metadata"]["name"] == "visits"
    assert first["extends"] == ["https://ns.adobe.com/xdm/context/experienceevent"]
    assert first["fields"] == {
        "member.no": {
            "type": "string",
            "pattern": "^M",
            "minLength": 1,
            "maxLength": 9,
            "title": "Member",
            "description": "Number of the member",
            "required": True,
        },
        "score": {"type": "number", "minimum": 0, "maximum": 10.5},
        "tier": {"type": "string", "enum": ["gold", "silver"]},
        "day": {"type": "date"},
        "mail": {"type": "string"},
        "small": {"type": "array", "items": {"type": "integer", "minimum": -32768, "maximum": 32768}},
    }
    assert (second["metadata"]["name"], second["title"]) == ("second-group", "Second group")
    assert second["fields"] == {
        "box": {"type": "object", "fields": {"a": {"type": "integer"}}},
        "people": {"type": "array", "items": {"ref": "https://ns.adobe.com/xdm/context/person"}},
    }
    assert said["skipped"] == [
        {
            "source": "person/name/firstName",
            "reason": "it is a standard field: name its field group in the Schema",
        },
        {"source": "person/name/_other/nick", "reason": "it does not lie below the namespace of the tenant"},
    ]
    assert notes(said) == {"mail": "the template has the format email, which no manifest declares"}
    text = (workspace.root / "schemas" / "visits.yaml").read_text(encoding="utf-8")
    assert '#     - {path: "_${tenant}.member.no", namespace: Email, primary: true}\n' in text
    assert "# The template adds these fields to the field group ID9, which exists.\n" in text


def test_names_that_differ_in_case_only_are_numbered_and_a_negative_number_has_its_size(workspace: Workspace) -> None:
    _, [document] = drafted(workspace, "a.csv", "id,ID,low\n1,2,-4000000000\n")
    assert document["fields"] == {
        "id": {"type": "integer"},
        "ID_2": {"type": "integer", "title": "ID"},
        "low": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991},
    }


def test_the_name_and_the_class_can_be_chosen(workspace: Workspace) -> None:
    workspace.write(
        "schemas/visit.yaml",
        "apiVersion: flowctl/v1\nkind: Class\nmetadata: {name: visit}\nbehavior: time-series\n"
        "fields: {page: {type: string}}\n",
    )
    _, [document] = drafted(workspace, "a.csv", "a\n1\n", "--name", "own", "--extends", "visit")
    assert (document["metadata"], document["extends"]) == ({"name": "own"}, ["visit"])
    wrong = workspace.run("new", "fieldgroup", "--from", "a.csv", "--extends", "visits")
    assert (wrong.code, "Did you mean `visit`?" in wrong.err) == (1, True)


def test_nothing_is_replaced(workspace: Workspace) -> None:
    workspace.write("schemas/a.yaml", "# mine\n")
    workspace.write("a.csv", "a\n1\n")
    sample = str(workspace.root / "a.csv")
    result = workspace.run("new", "fieldgroup", "--from", sample)
    assert (result.code, "[manifest-unwritable]" in result.err) == (1, True)
    assert (workspace.root / "schemas" / "a.yaml").read_text(encoding="utf-8") == "# mine\n"
    assert workspace.run("new", "fieldgroup", "--from", sample, "--name", "b").code == 0
    (workspace.root / "schemas" / "b.yaml").rename(workspace.root / "schemas" / "c.yaml")
    again = workspace.run("new", "fieldgroup", "--from", sample, "--name", "b")
    assert (again.code, "[duplicate-name]" in again.err, "c.yaml" in again.err) == (1, True, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "nothing-to-map"),
        ("\n", "nothing-to-map"),
        (TEMPLATE.splitlines()[0].format(low="minimum", high="maximum"), "nothing-to-map"),
        ("a,a\n1,2\n", "sample-unreadable"),
        ("a,a\n", "sample-unreadable"),
        ("a,\n", "sample-unreadable"),
    ],
)
def test_a_file_without_fields_is_refused(workspace: Workspace, text: str, code: str) -> None:
    workspace.write("a.csv", text)
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.csv"))
    assert (result.code, f"[{code}]" in result.err) == (1, True)
    assert not (workspace.root / "schemas" / "a.yaml").exists()


@pytest.mark.parametrize(("name", "text"), [("a.csv", "Member ID,zip\n"), ("a.tsv", "Member ID\tzip")])
def test_a_header_without_rows_gives_strings_that_are_a_guess(workspace: Workspace, name: str, text: str) -> None:
    said, (document,) = drafted(workspace, name, text)
    assert said["rows"] == 0
    assert document["fields"] == {"Member_ID": {"type": "string", "title": "Member ID"}, "zip": {"type": "string"}}
    assert notes(said) == dict.fromkeys(("Member_ID", "zip"), "the sample has no value of it, so the type is a guess")
    written = (workspace.root / "schemas" / "a.yaml").read_text(encoding="utf-8")
    assert written.startswith(f"# Proposed from the header of {name}.\n")
    assert written.count("  # the sample has no value of it, so the type is a guess\n") == 2


def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8(workspace: Workspace) -> None:
    """A field group has no key for the encoding of its sample."""
    (workspace.root / "a.csv").write_bytes("name\nJosé\n".encode("latin-1"))
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.csv"))
    assert (result.code, "[sample-unreadable]" in result.err, "Save it as UTF-8." in result.err) == (1, True, True)
    assert "encoding` in the pipeline" not in result.err


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.csv", "a,b\n1\n1,2,3\n", "The row has 1 field, and the header has 2."),
        ("a.json", "[1, 2]", "The item is not a JSON object."),
        ("a.ndjson", "1\n{\n", "The line is not a JSON object."),
        ("a.ndjson", "[" * 90_000, "The line cannot be read: its lists and objects are nested too deep."),
        ("a.ndjson", '{"a": ' + "1" * 5000 + "}", "The line cannot be read: a number is too long."),
        ("b.json", "1\n" + "[" * 90_000, "The line is not a JSON object."),
    ],
)
def test_rows_of_which_none_can_be_read_are_no_lack_of_columns(
    workspace: Workspace, name: str, text: str, why: str
) -> None:
    workspace.write(name, text)
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / name))
    assert result.code == 1
    assert f"{name} has no row that can be read [nothing-to-map]" in result.err
    assert why in result.err


def test_rows_after_one_that_cannot_be_read_are_read(workspace: Workspace) -> None:
    said, (document,) = drafted(workspace, "a.json", '[1, {}, {"id": 1}]')
    assert (said["rows"], list(document["fields"])) == (2, ["id"])
    said, (document,) = drafted(workspace, "b.csv", "a;c,b\n1\n1,2\n")
    assert (said["rows"], list(document["fields"])) == (1, ["a_c", "b"])
    assert "delimiter" not in str(said)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 90_000 + "]" * 90_000, "its lists and objects are nested too deep"),
        ('{"a": ' + "1" * 5000 + "}", "a number is too long"),
    ],
)
def test_json_that_is_too_much_is_not_said_to_be_no_json(workspace: Workspace, text: str, why: str) -> None:
    workspace.write("a.json", text)
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.json"))
    assert (result.code, why in result.err, "not JSON" in result.err) == (1, True, False)


def test_a_missing_file_and_a_wrong_name_are_refused(workspace: Workspace) -> None:
    missing = workspace.run("new", "fieldgroup", "--from", "nowhere.csv")
    assert (missing.code, "[sample-unreadable]" in missing.err) == (1, True)
    workspace.write("a.csv", "a\n1\n")
    wrong = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.csv"), "--name", "A b")
    assert (wrong.code, "`--name a-b`" in wrong.err) == (1, True)


@pytest.mark.parametrize(
    "row",
    [
        {"": 1, " ": 2, "__": 3, "-a": 4, "$": 5},
        {"a\nb": 1, "c\u2028d": 2, "# x": 3, "- y": 4, "${env:HOME}": 5, "${tenant}": 6},
        {"ID": 1, "id": 2, "Id": 3},
        {"properties": {"items": {"properties": [{"items": 1}]}}},
        {"true": 1, "null": 2, "1": 3, "<<": 4, "~": 5},
        {"a.b": 1, "a": {"b": 2}},
        {"é" * 200: 1, "😀": 2, "日本": 3},
        json.loads('{"a":' * 60 + "1" + "}" * 60),
        json.loads('{"a":' + "[" * 60 + "1" + "]" * 60 + "}"),
        {f"c{number}": number for number in range(500)},
        {"n": 1e300, "m": -0.0, "k": -(2**31) - 1},
    ],
)
def test_whatever_the_columns_are_the_manifest_is_sound(workspace: Workspace, row: dict[str, Any]) -> None:
    drafted(workspace, "odd.ndjson", json.dumps(row))


def test_the_text_lists_fields_and_the_next_commands(workspace: Workspace) -> None:
    workspace.write("a.csv", "a b,c\n1,\n")
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.csv"))
    assert result.out.startswith("Wrote schemas/a.yaml:\n")
    assert "a b     a_b    integer" in result.out
    assert "  flowctl plan --target a\n" in result.out


def test_rows_that_cannot_be_read_are_counted(workspace: Workspace) -> None:
    said, _ = drafted(workspace, "a.csv", "a,b\n1\n2,3\n")
    assert (said["rows"], said["skipped"]) == (1, [{"source": "", "reason": "1 row cannot be read"}])
    assert Path(said["file"]).name == "a.yaml"


HALF = "its name holds half of a character, which cannot be written"
LONG_NAME = "its name is longer than 255 characters"


def test_columns_whose_names_no_manifest_can_hold_are_left_out(workspace: Workspace) -> None:
    row = (
        '{"\\ud800": 1, "b": "\\udfff", "c": {"d": 1, "\\udc00e": 2}, "f": [{"\\ud800": 1, "g": 1}], '
        '"h": [{"\\ud800": 1}]}'
    )
    said, [document] = drafted(workspace, "half.json", row)
    assert document["fields"] == {
        "b": {"type": "string"},
        "c.d": {"type": "integer"},
        "f": {"type": "array", "items": {"type": "object", "fields": {"g": {"type": "integer"}}}},
        "h": {"type": "array", "items": {"type": "map", "values": {"type": "string"}}},
    }
    names = ["\ud800", "c.\udc00e", "f[*].\ud800", "h[*].\ud800"]
    assert said["skipped"] == [{"source": name, "reason": HALF} for name in names]


@pytest.mark.parametrize("name", ["x" * 256, "é" * 256, "㎯" * 90, "日" * 256])
def test_a_column_with_a_long_name_is_left_out(workspace: Workspace, name: str) -> None:
    said, [document] = drafted(workspace, "long.csv", f"{name},{'y' * 255}\n1,2\n")
    assert document["fields"] == {"y" * 255: {"type": "integer"}}
    assert said["skipped"] == [{"source": name, "reason": LONG_NAME}]
    workspace.write("only.csv", f"a,{name}\n")
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "only.csv"))
    assert result.code == 0
    (line,) = [each for each in result.out.splitlines() if LONG_NAME in each]
    assert line.startswith(f"  {name[:10]}")
    assert line.endswith(f"{name[-10:]}: {LONG_NAME}")
    assert len(line) < 130


def test_a_long_name_inside_of_a_list_leaves_the_rest(workspace: Workspace) -> None:
    _, [document] = drafted(workspace, "inside.json", json.dumps({"f": [{"㎯" * 90: 1, "g": 1}]}))
    assert document["fields"]["f"]["items"]["fields"] == {"g": {"type": "integer"}}


def test_a_header_without_a_usable_column_has_no_columns(workspace: Workspace) -> None:
    workspace.write("a.csv", "x" * 256)
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.csv"))
    assert (result.code, "a.csv has no columns" in result.err) == (1, True)


def test_a_file_of_columns_that_are_all_left_out_is_refused_with_the_reason(workspace: Workspace) -> None:
    workspace.write("a.json", '{"\\ud800": 1}')
    result = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "a.json"))
    assert (result.code, "[nothing-to-map]" in result.err, HALF in result.err) == (1, True, True)


def test_a_path_that_is_too_long_for_a_key_is_left_out(workspace: Workspace) -> None:
    row: Any = {"leaf": 1}
    for _ in range(4):
        row = {"n" * 250: row}
    said, [document] = drafted(workspace, "deep.json", json.dumps([{"a": 1, **row}]))
    assert document["fields"] == {"a": {"type": "integer"}}
    [left] = said["skipped"]
    assert left["reason"] == "its path is longer than 1,000 characters"


def test_names_among_the_keys_of_a_map_do_not_count(workspace: Workspace) -> None:
    row = {"by": {**{f"d{each}": {"a": 1} for each in range(300)}, "k" * 300: {"\ud800": 1}}}
    said, [document] = drafted(workspace, "map.json", json.dumps(row))
    assert document["fields"]["by"]["values"]["fields"] == {"a": {"type": "integer"}}
    assert [each["reason"] for each in said["skipped"]] == [HALF]


def test_a_template_with_such_names_and_texts_lists_them_too(workspace: Workspace) -> None:
    head = TEMPLATE.splitlines()[0].format(low="minimum", high="maximum")
    text = (
        f"{head}\n,TRUE,,,_other.{'x' * 256},,,string,,,,,,,,,,,,,,,\n"
        ",TRUE,,,_other.ok,,,string,,,,,,,,,,,,,,,\n"
        ',TRUE,,,_other.half,,,string,,,,,,,,"[""\\ud800""]",,,,,,,\n'
        f',TRUE,,,_other.box,,,object,,,,,,,,,,,,,"{{""{"z" * 1100}"": {{""type"": ""integer""}}}}",,\n'
    )
    said, [document] = drafted(workspace, "template.csv", text)
    assert list(document["fields"]) == ["ok"]
    assert [each["reason"] for each in said["skipped"]] == [
        LONG_NAME,
        "it holds half of a character, which cannot be written",
        LONG_NAME,
    ]


@pytest.mark.parametrize(
    ("name", "text", "has"),
    [
        ("a.csv", "id;name;zip\n1;x\n", "`;`"),
        ("a.csv", "id\tname\n", "a tab"),
        ("a.csv", "id|name\n1|2|3\n", "`|`"),
        ("a.tsv", "id,name\n1\n", "`,`"),
        ("a.csv", "id;id\n1;2\n", "`;`"),
    ],
)
def test_one_column_with_another_delimiter_in_its_name_is_in_question(
    workspace: Workspace, name: str, text: str, has: str
) -> None:
    said, _ = drafted(workspace, name, text)
    [field] = said["fields"]
    note = f"the file has one column, whose name holds {has}, so its delimiter may be another"
    assert field["note"].startswith(note)
    written = (workspace.root / "schemas" / "a.yaml").read_text(encoding="utf-8")
    head = written.partition("apiVersion")[0]
    assert f"# The file has one column, whose name holds {has}, so its delimiter may be another.\n" in head
    assert "# Save it with commas, or with tabs and the ending .tsv.\n" in head


@pytest.mark.parametrize(
    ("name", "text", "has", "written"),
    [
        ("a.csv", "id;name;zip\n1;x;2\n", "`;`", ";"),
        ("a.csv", "id\tname;zip\tcity\n1\tx;y\tz\n", "a tab", "\\t"),
        ("a.csv", "x;x;y\tz\n1;2;3\t4\n", "a tab", "\\t"),
        ("a.csv", "id|name\n1|2\n", "`|`", "|"),
        ("a.tsv", "id,name\n1,2\n", "`,`", ","),
        ("a.csv", "id;name\n" + "1;x\n" * 30 + "1\n", "`;`", ";"),
    ],
)
def test_a_delimiter_that_the_rows_show_is_used_and_told(
    workspace: Workspace, name: str, text: str, has: str, written: str
) -> None:
    said, _ = drafted(workspace, name, text)
    assert len(said["fields"]) == text.partition("\n")[0].count(written.replace("\\t", "\t")) + 1
    assert not any("delimiter" in each["note"] for each in said["fields"])
    head = (workspace.root / "schemas" / "a.yaml").read_text(encoding="utf-8").partition("apiVersion")[0]
    assert f"# The delimiter of its columns is {has}, as its rows show.\n" in head
    assert f'needs `data: {{properties: {{columnDelimiter: "{written}"}}}}`.' in head
    assert f"The delimiter of its columns is {has}, as its rows show." in said["notes"]
    (workspace.root / "schemas" / "a.yaml").unlink()
    out = workspace.run("new", "fieldgroup", "--from", str(workspace.root / "samples" / name)).out
    assert out.startswith(f"Wrote schemas/a.yaml:\nThe delimiter of its columns is {has}, as its rows show.\n")


@pytest.mark.parametrize("ending", [".xlsx", ".XLS", ".ods"])
def test_a_workbook_is_refused_with_the_way_to_save_it(workspace: Workspace, ending: str) -> None:
    file = workspace.root / f"people{ending}"
    file.write_bytes(b"PK\x03\x04 not a text")
    result = workspace.run("new", "fieldgroup", "--from", str(file))
    assert result.code == 1
    assert "[sample-unreadable]" in result.out + result.err
    assert "is a workbook of a spreadsheet program" in result.out + result.err
    assert "CSV UTF-8" in result.out + result.err
    assert not (workspace.root / "schemas" / "people.yaml").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "a;b,c\n1,2\n"),
        ("a.csv", "name\n1\n"),
        ("a.csv", '"a,b"\n1\n'),
        ("a.json", '{"a;b": 1}'),
        ("a.tsv", "a b\n1\n"),
    ],
)
def test_other_files_have_no_word_on_delimiters(workspace: Workspace, name: str, text: str) -> None:
    said, _ = drafted(workspace, name, text)
    assert not any("delimiter" in each["note"] for each in said["fields"])
    assert "delimiter" not in (workspace.root / "schemas" / "a.yaml").read_text(encoding="utf-8")
    assert said["notes"] == []
