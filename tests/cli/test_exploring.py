"""From a source to a pipeline: what a connection holds, its columns and rows, and a manifest with matched mappings."""

import json
from datetime import datetime, timedelta

import pytest
import yaml
from surroundings import Platform, Workspace

PEOPLE = "customer_id,fname,LastName,email,email address,dob,age,city,phone,loyalty points,updated_at,odd\n" + (
    "1,Ana,Berg,ana@example.com,a@b.c,1990-01-31,7,Bern,+41,5,2026-01-31T09:00:00Z,x\n"
)
ORDERS = [{"id": 1, "total": 9.5, "paid": True, "at": "2026-01-01T00:00:00Z", "lines": [1], "who": {"a": 1}}, {"id": 2}]


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A new workspace whose connection is applied to the emulator in flowctl, with two tables."""
    workspace = Workspace(root=tmp_path_factory.mktemp("shop"), capsys=capsys)
    assert workspace.run("init", "--connector", "postgresql").code == 0
    workspace.write("sources/postgresql/people.csv", PEOPLE)
    workspace.write("sources/postgresql/orders.ndjson", "\n".join(map(json.dumps, ORDERS)))
    assert workspace.run("apply", "--auto-approve", "--target", "postgresql.connection").code == 0
    return workspace


@pytest.fixture
def bucket(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A new workspace that reads files."""
    workspace = Workspace(root=tmp_path_factory.mktemp("bucket"), capsys=capsys)
    assert workspace.run("init", "--connector", "amazon-s3").code == 0
    assert workspace.run("apply", "--auto-approve", "--target", "amazon-s3.connection").code == 0
    return workspace


def drafted(workspace: Workspace, *options: str) -> tuple[dict[str, object], str]:
    """What `new pipeline` says, and what it wrote."""
    result = workspace.run("new", "pipeline", *options, "--format", "json")
    assert result.code == 0, result.err
    assert workspace.run("fmt", "--check", result.json["file"]).code == 0
    return result.json, (workspace.root / result.json["file"]).read_text(encoding="utf-8")


def test_tables_are_listed_each_once(shop: Workspace) -> None:
    entries = shop.run("explore", "postgresql", "--format", "json").json["entries"]
    assert [(each["type"], each["name"]) for each in entries] == [
        ("table", "customers"),
        ("table", "orders"),
        ("table", "people"),
    ]
    assert shop.run("explore", "postgresql").out == "table  customers\ntable  orders\ntable  people\n"


def test_columns_have_the_types_of_their_values(shop: Workspace) -> None:
    columns = shop.run("explore", "postgresql", "orders", "--format", "json").json["columns"]
    assert {each["name"]: each["type"] for each in columns} == {
        "id": "integer",
        "total": "number",
        "paid": "boolean",
        "at": "date-time",
        "lines": "array",
        "who": "object",
    }


def test_a_file_with_only_a_header_has_columns_of_unknown_type(shop: Workspace, bucket: Workspace) -> None:
    for workspace, folder, place, option in (
        (shop, "sources/postgresql/", "empty", "--table"),
        (bucket, "sources/amazon-s3/incoming/", "/incoming/empty.csv", "--path"),
    ):
        workspace.write(f"{folder}empty.csv", "email,first_name,points\n")
        connection = folder.split("/")[1]
        columns = workspace.run("explore", connection, place, "--format", "json").json["columns"]
        assert columns == [{"name": name, "type": "unknown"} for name in ("email", "first_name", "points")]
        assert "first_name  unknown" in workspace.run("explore", connection, place).out
        _, text = drafted(workspace, "--connection", connection, option, place)
        assert "{source: email, destination: personalEmail.address}" in text
        assert workspace.run("validate").code == 0
    shop.write("sources/postgresql/nothing.csv", "")
    assert shop.run("explore", "postgresql", "nothing").out == "nothing has no columns.\n"


def test_rows_are_masked_unless_values_are_asked_for(shop: Workspace) -> None:
    masked = shop.run("explore", "postgresql", "people")
    assert "aaa@aaaaaaa.aaa" in masked.out
    assert "--show-values" in masked.out
    assert "ana@example.com" not in masked.out + masked.err
    assert "ana@example.com" in shop.run("explore", "postgresql", "people", "--show-values").out
    document = shop.run("explore", "postgresql", "orders", "--rows", "1", "--format", "json").json
    assert document["rows"] == [
        {"id": "9", "total": "9.9", "paid": True, "at": "9999-99-99A99:99:99A", "lines": ["9"], "who": {"a": "9"}}
    ]
    assert document["masked"] is True
    assert shop.run("explore", "postgresql", "people", "--rows", "0", "--format", "json").json["rows"] == []


def test_folders_and_files_are_walked(bucket: Workspace) -> None:
    assert bucket.run("explore", "amazon-s3").out == "folder  /incoming/\n"
    assert bucket.run("explore", "amazon-s3", "/incoming/").out == "file  /incoming/customers.csv\n"
    columns = bucket.run("explore", "amazon-s3", "/incoming/customers.csv", "--format", "json").json["columns"]
    assert [each["name"] for each in columns] == ["id", "email", "first_name", "updated_at"]
    assert bucket.run("explore", "amazon-s3", "/elsewhere/").code == 1
    assert bucket.run("explore", "amazon-s3", "/../").code == 1


def test_a_live_connection_is_explored_by_its_id(shop: Workspace) -> None:
    lockfile = json.loads((shop.root / "flowctl.local.lock").read_text(encoding="utf-8"))
    found = shop.run("explore", lockfile["entries"]["postgresql.connection"]["id"])
    assert (found.code, "table  people" in found.out) == (0, True)
    other = shop.run("explore", "4cb0c374-d3bb-4557-b139-5712880adc55")
    assert (other.code, "[unknown-connection]" in other.err) == (1, True)


def test_a_wrong_name_and_one_that_is_not_applied_say_what_to_do(shop: Workspace) -> None:
    wrong = shop.run("explore", "postgres")
    assert (wrong.code, "Did you mean `postgresql`?" in wrong.err) == (1, True)
    (shop.root / "flowctl.local.lock").unlink()
    missing = shop.run("explore", "postgresql")
    assert (missing.code, "apply --target postgresql" in missing.err) == (1, True)


def test_an_id_that_is_not_there_names_the_accounts(shop: Workspace) -> None:
    right = json.loads((shop.root / "flowctl.local.lock").read_text(encoding="utf-8"))["entries"][
        "postgresql.connection"
    ]["id"]
    result = shop.run("explore", right[:-1] + ("0" if right[-1] != "0" else "1"))
    assert result.code == 1
    assert f"Known: {right} (PostgreSQL)." in result.err
    assert f'Did you mean "{right}"?' in result.err
    other = shop.run("explore", "00000000-0000-4000-8000-000000000000")
    assert "Use the name of a Connection document, or another environment." in other.err


def test_mappings_are_written_proposed_or_listed(shop: Workspace) -> None:
    said, text = drafted(shop, "--connection", "postgresql", "--table", "people")
    assert said["name"] == "postgresql-people"
    assert said["mappings"] == [
        {"source": "fname", "destination": "person.name.firstName"},
        {"source": "LastName", "destination": "person.name.lastName"},
        {"source": "email", "destination": "personalEmail.address"},
        {"source": "city", "destination": "homeAddress.city"},
        {"source": "phone", "destination": "mobilePhone.number"},
        {"source": "updated_at", "destination": "_repo.modifyDate"},
    ]
    likely = {each["source"]: (each["destination"], each["why"]) for each in said["likely"]}
    assert likely["customer_id"] == ("_id", "it is an ID of something")
    assert likely["email address"] == ("personalEmail.address", "another column fills it")
    assert likely["dob"] == ("person.birthDate", "string into date may need an expression")
    assert said["unmatched"] == ["age", "loyalty points", "odd"]
    document = yaml.safe_load(text)
    assert document["mappings"] == said["mappings"]
    assert document["incremental"] == {"column": "updated_at"}
    assert document["source"] == {"connection": "postgresql", "params": {"tableName": "people"}}
    assert "  # - {source: customer_id, destination: _id}" in text
    assert "  #   loyalty points" in text


def test_the_manifest_is_sound_and_its_comments_become_mappings(shop: Workspace) -> None:
    _, text = drafted(shop, "--connection", "postgresql", "--table", "people")
    assert shop.run("validate").code == 0
    planned = shop.plan("--target", "postgresql-people").actions()
    assert planned["postgresql-people.flow"] == "create"
    shop.write(
        "pipelines/postgresql-people.yaml", text.replace("  # - {source: customer_id", "  - {source: customer_id")
    )
    assert shop.run("validate").code == 0
    assert shop.run("apply", "--auto-approve").code == 0
    assert shop.plan().json["changes"] == []


def test_the_same_columns_give_the_same_manifest(shop: Workspace) -> None:
    _, first = drafted(shop, "--connection", "postgresql", "--table", "people")
    (shop.root / "pipelines" / "postgresql-people.yaml").unlink()
    assert drafted(shop, "--connection", "postgresql", "--table", "people")[1] == first


def test_a_file_has_its_format_and_no_delta_column(bucket: Workspace) -> None:
    said, text = drafted(
        bucket, "--connection", "amazon-s3", "--path", "/incoming/customers.csv", "--name", "from-files"
    )
    document = yaml.safe_load(text)
    assert (said["file"], document["metadata"]) == ("pipelines/from-files.yaml", {"name": "from-files"})
    assert document["source"]["data"] == {"format": "delimited"}
    assert "incremental" not in text
    assert bucket.run("validate").code == 0


def test_a_table_without_a_time_says_that_it_has_none(shop: Workspace) -> None:
    shop.write("sources/postgresql/plain.csv", "a,b\n1,2\n")
    _, text = drafted(shop, "--connection", "postgresql", "--table", "plain")
    assert "# incremental: {column: ...}" in text
    assert yaml.safe_load(text)["mappings"] == [{"source": "a", "destination": "_id"}]


def test_nothing_is_replaced(shop: Workspace) -> None:
    shop.write("pipelines/postgresql-people.yaml", "mine\n")
    (shop.root / "pipelines" / "postgresql-people.yaml").rename(shop.root / "pipelines" / "kept.txt")
    shop.write("pipelines/postgresql-people.yaml", "# mine\n")
    result = shop.run("new", "pipeline", "--connection", "postgresql", "--table", "people")
    assert (result.code, "[manifest-unwritable]" in result.err) == (1, True)
    assert (shop.root / "pipelines" / "postgresql-people.yaml").read_text(encoding="utf-8") == "# mine\n"


def test_a_choice_that_is_not_clear_names_what_there_is(shop: Workspace) -> None:
    assert shop.run("new", "pipeline", "--connection", "postgresql").code == 1
    both = shop.run("new", "pipeline", "--connection", "postgresql", "--table", "a", "--path", "b")
    assert "either `--table` or `--path`" in both.err
    wrong = shop.run("new", "pipeline", "--connection", "postgresql", "--table", "people", "--schema", "custmer")
    assert (wrong.code, "Did you mean `customer`?" in wrong.err) == (1, True)
    text = (shop.root / "schemas" / "customer.yaml").read_text(encoding="utf-8")
    shop.write("schemas/second.yaml", text.replace("name: customer", "name: second").replace("Customer", "Second"))
    unclear = shop.run("new", "pipeline", "--connection", "postgresql", "--table", "people")
    assert (unclear.code, "`customer` and `second`" in unclear.err) == (1, True)


def test_columns_with_odd_names_stay_on_their_lines(shop: Workspace) -> None:
    shop.write("sources/postgresql/odd.csv", '"a: b","c\u2028d","${env:HOME}","- e","#f",first_name\n1,2,3,4,5,6\n')
    _, text = drafted(shop, "--connection", "postgresql", "--table", "odd")
    assert yaml.safe_load(text)["mappings"] == [{"source": "first_name", "destination": "person.name.firstName"}]
    assert shop.run("validate").code == 0


@pytest.mark.parametrize(
    "name", ["Second", "../out", "/tmp/out", "a b", "é", "😀", ".", "a.b", "", "a" * 129, "a" * 300, "a\nb"]
)
def test_a_name_that_no_document_may_have_is_refused_before_anything_is_written(shop: Workspace, name: str) -> None:
    before = sorted(shop.root.rglob("*.yaml"))
    result = shop.run("new", "pipeline", "--connection", "postgresql", "--table", "people", "--name", name)
    if name:
        assert result.code == 1
        assert "[invalid-name]" in result.err or "[manifest-unwritable]" in result.err
        assert sorted(shop.root.rglob("*.yaml")) == before
    assert shop.run("validate").code == 0


def test_a_name_that_a_pipeline_has_already_is_refused(shop: Workspace) -> None:
    text = (shop.root / "pipelines" / "postgresql-customers.yaml").read_text(encoding="utf-8")
    shop.write("pipelines/other.yaml", text.replace("postgresql-customers", "postgresql-people"))
    result = shop.run("new", "pipeline", "--connection", "postgresql", "--table", "people")
    assert (result.code, "[duplicate-name]" in result.err, "other.yaml" in result.err) == (1, True, True)


def test_a_streaming_source_has_nothing_to_look_into(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace(root=tmp_path_factory.mktemp("hub"), capsys=capsys)
    assert workspace.run("init", "--connector", "event-hubs").code == 0
    assert workspace.run("apply", "--auto-approve", "--target", "event-hubs.connection").code == 0
    for command in (
        ("explore", "event-hubs"),
        ("explore", "event-hubs", "a"),
        ("new", "pipeline", "--connection", "event-hubs", "--table", "a"),
    ):
        result = workspace.run(*command)
        assert (result.code, "[nothing-to-map]" in result.err) == (1, True)
        assert "`flowctl connectors event-hubs`" in result.err
    assert workspace.run("validate").code == 0


def test_a_table_of_files_and_a_place_that_is_not_there_say_what_to_use(bucket: Workspace, shop: Workspace) -> None:
    table = bucket.run("new", "pipeline", "--connection", "amazon-s3", "--table", "customers")
    assert (table.code, "Use `--path` in place of `--table`." in table.err) == (1, True)
    folder = bucket.run("explore", "amazon-s3", "/incoming")
    assert (folder.code, "folder ends with a slash" in " ".join(folder.err.split())) == (1, True)
    missing = shop.run("explore", "postgresql", "nowhere")
    assert (missing.code, "`flowctl explore postgresql`" in missing.err) == (1, True)
    assert "in the manifest" not in folder.err + missing.err


def test_the_new_manifest_has_the_line_for_editors_and_the_next_command_is_told(shop: Workspace) -> None:
    explored = shop.run("explore", "postgresql", "people").out
    assert "  flowctl new pipeline --connection postgresql --table people\n" in explored
    _, text = drafted(shop, "--connection", "postgresql", "--table", "people")
    assert text.startswith("# yaml-language-server: $schema=../.schemas/manifest.schema.json\n")
    (shop.root / "pipelines" / "postgresql-people.yaml").unlink()
    (shop.root / ".schemas" / "manifest.schema.json").unlink()
    assert drafted(shop, "--connection", "postgresql", "--table", "people")[1].startswith("apiVersion")


def nested(levels: int) -> dict[str, object]:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


LISTS: list[object] = [
    {"items": None},
    {"items": {}},
    [None],
    [[]],
    None,
    "text",
    [{}],
    [{"type": ["table"], "name": {"a": 1}}],
    [{"type": "table", "name": "a\x1b[31m\n\u202eb"}],
    [{"type": "table", "name": None, "path": None}],
]
TABLES: list[object] = [
    {"schema": None},
    {"schema": {"columns": None}},
    {"schema": {"columns": [{}, {"name": None}, {"type": "string"}, None, 1]}},
    {"schema": {"columns": [{"name": {"a": 1}, "type": ["string", "null"]}]}},
    {"schema": {"columns": [{"name": "id", "xdm": 1}, {"name": "id"}]}, "data": [{"id": deep(60)}]},
    {"schema": {"columns": [{"name": "id"}]}, "data": {"id": 1}},
    {"schema": {"columns": [{"name": "id"}]}, "data": [None, 1, [], {"id": {"id": None}}]},
    {"schema": {"columns": [{"name": "i\x1bd\n- x: y"}, {"name": "first\x07name"}]}},
    {"schema": {"columns": [{"name": "x" * 900, "type": "y" * 100_000}]}},
    {"schema": {"columns": [{"name": f"c{number}"} for number in range(500)]}},
    {"schema": nested(40)},
    {"schema": {"properties": {"a": {"properties": []}, "b": None, "c": {"type": ["string"]}}}},
    [{"name": "id"}],
    [],
    {},
    None,
]


@pytest.fixture
def served_shop(shop: Workspace, platform: Platform) -> Workspace:
    """The same workspace with its connection on a served emulator, whose replies a test may replace."""
    path = shop.root / "flowctl.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["environments"]["local"]["endpoint"] = platform.url
    del document["environments"]["local"]["sources"]
    path.write_text(json.dumps(document), encoding="utf-8")
    (shop.root / "flowctl.local.lock").unlink()
    assert shop.run("apply", "--auto-approve", "--target", "postgresql.connection").code == 0
    shop.platform = platform
    return shop


def test_made_up_rows_have_every_listed_column(served_shop: Workspace) -> None:
    """Without a folder of its own, a source has the same few rows, which fit its columns."""
    explored = served_shop.run("explore", "postgresql", "Orders", "--show-values", "--format", "json").json
    names = [each["name"] for each in explored["columns"]]
    assert names == ["id", "email", "updatedAt"]
    assert explored["columns"][2]["type"] == "date-time"
    assert [list(row) for row in explored["rows"]] == [names] * 2
    times = [datetime.fromisoformat(row["updatedAt"]) for row in explored["rows"]]
    assert times == sorted({*times})
    assert all(each.utcoffset() == timedelta(0) for each in times)
    assert names in [line.split() for line in served_shop.run("explore", "postgresql", "Orders").out.splitlines()]
    drafted(served_shop, "--connection", "postgresql", "--table", "Orders", "--name", "orders")
    assert served_shop.run("apply", "--auto-approve").code == 0
    previewed = served_shop.run("preview", "orders", "--format", "json").json
    (modified,) = [each for each in previewed["summary"]["destinations"] if each["path"] == "_repo.modifyDate"]
    assert modified["empty"] == 0


def reply_with(workspace: Workspace, body: object) -> None:
    """Let every look into a source have this reply."""
    platform = workspace.platform
    assert platform is not None
    platform.http.delete("/_emulator/faults")
    match = {"method": "GET", "path": "/data/foundation/flowservice/connections/*"}
    platform.fault(match=match, times=99, effect={"status": 200, "body": body})


def test_replies_of_another_shape_never_break_a_command(served_shop: Workspace) -> None:
    for place, bodies in (((), LISTS), (("people",), TABLES)):
        for body in bodies:
            reply_with(served_shop, body)
            for form in ("text", "json", "markdown"):
                result = served_shop.run("explore", "postgresql", *place, "--format", form)
                assert result.code in (0, 1), str(body)[:200]
                assert "internal-error" not in result.err + result.out, str(body)[:200]
                assert "\x1b" not in result.out + result.err
                if form == "json":
                    assert result.json


def test_whatever_the_columns_are_the_manifest_is_sound(served_shop: Workspace) -> None:
    for body in TABLES:
        reply_with(served_shop, body)
        result = served_shop.run("new", "pipeline", "--connection", "postgresql", "--table", "people")
        assert "internal-error" not in result.err, str(body)[:200]
        file = served_shop.root / "pipelines" / "postgresql-people.yaml"
        assert file.exists() == (result.code == 0)
        if result.code == 0:
            checked = served_shop.run("validate")
            assert checked.code == 0, (checked.out + checked.err)[:3000]
            file.unlink()


def test_what_is_not_a_letter_of_ascii_is_masked_too(shop: Workspace) -> None:
    shop.write("sources/postgresql/words.csv", "a,b,c\nहिन्दी,😀²Ⅳ,É-é x@1\n")
    result = shop.run("explore", "postgresql", "words", "--format", "json")
    assert result.json["rows"] == [{"a": "aaaaaa", "b": "a99", "c": "A-a a@9"}]


def test_a_name_that_no_file_can_have_is_refused_at_once(shop: Workspace) -> None:
    result = shop.run("explore", "postgresql", "x" * 3000)
    assert (result.code, "[http-400]" in result.err, "retrying" in result.err) == (1, True, False)
