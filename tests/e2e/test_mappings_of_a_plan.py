"""Mappings on their way to Experience Platform: what plan asks, and files and constants from plan to no change."""

from surroundings import Platform, Workspace

VALIDATE = "/data/foundation/conversion/mappingSets/validate"


def validations(platform: Platform) -> list[str]:
    return [each["path"] for each in platform.log() if each["path"].endswith("/mappingSets/validate")]


def test_a_set_whose_schema_is_created_in_the_same_run_is_not_asked_about(
    examples: Workspace, platform: Platform
) -> None:
    examples.plan()
    assert validations(platform) == []


def test_plan_asks_about_each_set_that_it_would_change_and_about_no_other(
    examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    platform.clear_log()
    assert set(examples.plan().actions().values()) <= {"none"}
    assert validations(platform) == []
    examples.edit("pipelines/shopify-orders.yaml", "mobilePhone.number}", "mobilePhone.number, identity: true}")
    assert "update" in examples.plan().actions().values()
    assert len(validations(platform)) == 1


def test_what_experience_platform_rejects_stands_at_its_mapping(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    text = (examples.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8")
    line = text[: text.index("mappings:")].count("\n") + 2
    examples.edit("pipelines/shop-customers.yaml", "mappings:\n", "mappings:\n  - {source: a, destination: _other.b}\n")
    result = examples.run("plan", "--format", "json")
    assert result.code == 1
    (problem,) = result.json["diagnostics"]
    assert (problem["code"], problem["file"], problem["line"]) == (
        "mapping-rejected",
        "pipelines/shop-customers.yaml",
        line,
    )
    assert "_other" in problem["detail"]


def test_of_very_many_rejected_mappings_the_first_are_told_and_the_others_counted(
    examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    rows = "".join(f"  - {{source: a{number}, destination: _other.b{number}}}\n" for number in range(25))
    examples.edit("pipelines/shop-customers.yaml", "mappings:\n", f"mappings:\n{rows}")
    problems = examples.run("plan", "--format", "json").json["diagnostics"]
    assert [each["code"] for each in problems] == ["mapping-rejected"] * 21
    assert problems[-1]["summary"] == "Experience Platform rejects 5 more mappings of shop-customers"
    assert problems[-1]["line"] == problems[0]["line"] + 20


def test_a_platform_that_does_not_answer_does_not_stop_the_plan(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    platform.fault(match={"method": "POST", "path": VALIDATE}, times=9, effect={"status": 404})
    examples.edit("pipelines/shop-customers.yaml", "mappings:\n", "mappings:\n  - {source: a, destination: _other.b}\n")
    assert "update" in examples.plan().actions().values()


def test_four_hundred_mappings_of_a_file_and_a_constant_converge(examples: Workspace, platform: Platform) -> None:
    name = "pipelines/shop-customers.yaml"
    text = (examples.root / name).read_text(encoding="utf-8")
    start = text.index("mappings:")
    following = [line for line in text[start:].splitlines()[1:] if line and not line.startswith((" ", "#", "-"))]
    end = text.index(following[0], start) if following else len(text)
    examples.write(name, f"{text[:start]}mappings: {{file: customers.csv}}\n{text[end:]}")
    rows = [f"c{number},,,_acme.f{number}\n" for number in range(399)]
    examples.write("pipelines/customers.csv", "".join(["source,expression,value,destination\n", *rows, ",,crm,_id\n"]))
    examples.apply()
    assert set(examples.plan().actions().values()) <= {"none"}
    platform.fault(match={"method": "POST", "path": VALIDATE}, times=9, effect={"status": 404})
    examples.edit("pipelines/customers.csv", "c7,,,_acme.f7\n", ",lower(c7),,_acme.f7\n")
    shown = examples.run("plan", "--no-color")
    assert "_acme.f7" in shown.out
    assert "_acme.f8" not in shown.out
    examples.apply()
    assert set(examples.plan().actions().values()) <= {"none"}
