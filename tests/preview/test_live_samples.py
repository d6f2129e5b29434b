"""Samples on the platform: its rows of a source, and its records beside those that were mapped here."""


def test_without_a_file_the_rows_of_the_source_are_mapped(examples):
    refused = examples.run("preview", "shop-customers", "--format", "json")
    assert refused.json["diagnostics"][0]["code"] == "not-applied"
    examples.apply()
    result = examples.run("preview", "shop-customers", "--show-values", "--format", "json")
    assert result.code == 0, result.err
    assert result.json["masked"] is False
    assert result.json["rows"][0]["source"]["email"] == "ana@example.com"
    assert result.json["rows"][0]["record"]["personalEmail"] == {"address": "ana@example.com"}
    files = examples.run("preview", "partner-files", "--format", "json")
    assert files.json["summary"]["read"] == 2


def test_a_file_is_asked_for_with_its_format_and_a_table_without(examples, platform):
    examples.begin_applied()
    platform.clear_log()
    assert examples.run("preview", "partner-files").code == 0
    assert examples.run("preview", "shop-customers").code == 0
    asked = [str(request) for request in platform.log() if request["path"].endswith("/explore")]
    assert [("fileType" in each, "objectType=file" in each, "objectType=table" in each) for each in asked] == [
        (True, True, False),
        (False, False, True),
    ]


def test_rows_of_the_source_are_masked_unless_values_are_asked_for(examples):
    path = examples.root / "pipelines" / "shop-customers.yaml"
    expression = "  - {expression: to_integer(email), destination: person.name.middleName}\n"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("mappings:\n", f"mappings:\n{expression}"), encoding="utf-8")
    examples.begin_applied()
    shown = examples.run("preview", "shop-customers")
    assert (shown.code, "ana" in (shown.out + shown.err).casefold()) == (0, False)
    assert 'email: "aaa@aaaaaaa.aaa"' in shown.out
    assert "Only the form of values is shown. Add --show-values to see the values." in shown.out
    document = examples.run("preview", "shop-customers", "--format", "json").json
    assert document["masked"] is True
    assert document["rows"][0]["record"]["personalEmail"] == {"address": "aaa@aaaaaaa.aaa"}
    (problem,) = document["rows"][0]["errors"]
    assert (problem["code"], problem["message"]) == ("not-a-number", "Not a number.")
    asked = examples.run("preview", "shop-customers", "--show-values")
    assert "ana@example.com" in asked.out
    assert '"ana@example.com" is not an integer (at character 1).' in asked.out
    assert "Only the form" not in asked.out
    assert (
        document["summary"]
        == examples.run("preview", "shop-customers", "--show-values", "--format", "json").json["summary"]
    )


def test_an_account_that_is_not_there_has_a_near_one(examples):
    examples.begin_applied()
    examples.edit(
        "pipelines/shop-customers.yaml",
        "  connection: shop-database\n",
        "  connection: {title: Shop datbase}\n  connector: postgresql\n",
    )
    told = examples.run("preview", "shop-customers").err
    assert 'there is no base connection with the title "Shop datbase"' in told
    assert 'Did you mean "Shop database"?' in told


def test_records_in_a_file_have_values(examples, tmp_path):
    examples.begin_applied()
    result = examples.run("preview", "shop-customers", "--rows", "0", "--out", str(tmp_path / "out.ndjson"))
    assert (result.code, "Only the form" in result.out) == (0, False)
    assert "ana@example.com" in (tmp_path / "out.ndjson").read_text(encoding="utf-8")


TEST = """\
apiVersion: flowctl/v1
kind: MappingTest
metadata: {name: live}
pipeline: shop-customers
cases:
  - {name: c, given: {id: 1, email: A@B.COM}, expect: {personalEmail.address: a@b.com}}
"""


def test_live_sends_the_same_rows_and_tells_what_differs(examples, platform):
    examples.write("pipelines/tests.yaml", TEST)
    assert examples.run("test", "--live", "--format", "json").json["diagnostics"][0]["code"] == "not-applied"
    examples.apply()
    platform.clear_log()
    passed = examples.run("test", "--live", "--format", "json")
    assert (passed.code, passed.json["summary"]) == (0, {"passed": 1, "failed": 0})
    assert [request["path"] for request in platform.writes()] == ["/data/foundation/conversion/mappingSets/preview"]
    platform.fault(
        match={"path": "/data/foundation/conversion/mappingSets/preview", "method": "POST"},
        effect={"status": 200, "body": [{"data": {"_id": "1", "personalEmail": {"address": "other"}}}]},
    )
    failed = examples.run("test", "--live", "--format", "json")
    (difference,) = failed.json["tests"][0]["differences"]
    assert (failed.code, difference["path"]) == (1, "personalEmail.address")
    assert (difference["expected"], difference["actual"]) == ("a@b.com", "other")


def test_a_record_more_than_there_are_rows_says_nothing(examples, platform):
    examples.write("pipelines/tests.yaml", TEST)
    examples.begin_applied()
    record = {"_id": "1", "personalEmail": {"address": "other"}}
    platform.fault(
        match={"path": "/data/foundation/conversion/mappingSets/preview", "method": "POST"},
        effect={"status": 200, "body": [{"data": record}, {"data": record}]},
    )
    (test,) = examples.run("test", "--live", "--format", "json").json["tests"]
    assert [each["path"] for each in test["differences"]] == ["personalEmail.address"]
