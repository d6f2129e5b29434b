"""A plan that is refused is shown whole, then why it is refused and what to do."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest
from surroundings import Workspace

from flowctl.cli.main import main

_LIMIT = "\nmaxDelete: 1\n"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.apply()
    return examples


def _limited(workspace: Workspace) -> int:
    """Write the limit at the end of flowctl.yaml, and return its line."""
    file = workspace.root / "flowctl.yaml"
    text = file.read_text(encoding="utf-8").rstrip("\n")
    workspace.write("flowctl.yaml", text + _LIMIT)
    return text.count("\n") + 2


def test_the_errors_follow_the_plan(applied: Workspace) -> None:
    applied.edit("pipelines/hubspot-contacts.yaml", "path: Hubspot.Contacts", "path: Hubspot.Companies")
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(["-C", str(applied.root), "-e", "dev", "plan", "--max-delete", "0"])
    text = printed.getvalue()
    assert code == 1
    assert text.index("must be replaced") < text.index("cannot be applied") < text.index("[too-many-deletions]")


def test_a_limit_of_the_workspace_has_a_place(applied: Workspace) -> None:
    line = _limited(applied)
    applied.edit("pipelines/hubspot-contacts.yaml", "path: Hubspot.Contacts", "path: Hubspot.Companies")
    (applied.root / "pipelines/support-tickets.yaml").unlink()
    shown = applied.run("plan").err
    assert (
        f"flowctl.yaml:{line}:12: error: the plan deletes 4 and replaces 3 resources, and `maxDelete` allows 1 "
        "[too-many-deletions]" in shown
    )
    assert f"    {line} | maxDelete: 1\n" in shown
    assert "run the command with `--max-delete 7`." in shown
    assert applied.run("plan", "--max-delete", "7").code == 0


def test_a_limit_of_the_command_has_none(applied: Workspace) -> None:
    _limited(applied)
    (applied.root / "pipelines/support-tickets.yaml").unlink()
    problem = applied.run("plan", "--max-delete", "3", "--format", "json").json["diagnostics"][0]
    assert problem["summary"] == "the plan deletes 4 resources, and `--max-delete` allows 3"
    assert problem.get("file") is None


def test_one_deletion_is_one_resource(applied: Workspace) -> None:
    applied.write(
        "datasets/archive.yaml",
        "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: archive}\ntitle: Archive\nschema: customer\n",
    )
    applied.apply()
    (applied.root / "datasets/archive.yaml").unlink()
    assert "the plan deletes 1 resource, and `--max-delete` allows 0" in applied.run("plan", "--max-delete", "0").err


def test_a_new_title_is_shown_with_its_key(applied: Workspace) -> None:
    applied.edit("datasets/customers.yaml", "title: Customers", "title: Clients")
    assert ' title: "Customers" -> "Clients"\n' in applied.run("plan").out
    assert ' name (`title` in the manifest): "Customers" -> "Clients"\n' in applied.run("plan", "-v").out
    in_comment = applied.run("plan", "--format", "markdown").out
    assert "name</code> (`title` in the manifest) | " in in_comment


def test_a_first_title_needs_no_explanation(examples: Workspace) -> None:
    assert "in the manifest)" not in examples.run("plan").out + examples.run("plan", "--format", "markdown").out
