"""`git:REF` selects the documents that a branch changed, with what depends on them; git itself may be missing."""

import os
import subprocess
from pathlib import Path

import pytest
from surroundings import Platform, Workspace

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
SINCE = ("--select", "git:main")


def git(root: Path, *words: str) -> str:
    done = subprocess.run([*GIT, "-C", str(root), *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def branch(examples: Workspace) -> Workspace:
    """The examples, committed on main, with a branch `work` that has changed nothing yet."""
    examples.write(".gitignore", "*.lock*\n.*.runlock\n")
    git(examples.root, "init", "-q")
    commit(examples)
    git(examples.root, "checkout", "-q", "-b", "work")
    return examples


def commit(workspace: Workspace) -> None:
    git(workspace.root, "add", "-A")
    git(workspace.root, "commit", "-q", "-m", "x")


def changed(workspace: Workspace, *options: str) -> set[str]:
    """The names of what is planned."""
    return {address.rpartition(".")[0] for address in workspace.plan(*SINCE, *options).actions()}


def test_nothing_is_selected_where_nothing_changed(branch: Workspace) -> None:
    ended = branch.run("plan", *SINCE)
    assert (ended.code, "The selection has no resources." in ended.out) == (0, True)


def test_an_edited_pipeline_is_selected_with_what_it_needs(branch: Workspace) -> None:
    branch.edit("pipelines/support-tickets.yaml", "  title: Support tickets\n  labels", "  title: Desk\n  labels")
    assert changed(branch) == {"support-tickets", "support-desk", "crm-contact"}


def test_what_depends_on_an_edited_document_is_selected(branch: Workspace) -> None:
    branch.edit("datasets/customers.yaml", "title: Customers", "title: All customers")
    commit(branch)
    chosen = changed(branch)
    assert {"customers", "shop-customers", "partner-files"} <= chosen
    assert not chosen & {"shopify-orders", "support-tickets", "hubspot-contacts"}


def test_a_comment_and_a_new_file_name_change_nothing(branch: Workspace) -> None:
    branch.edit("pipelines/support-tickets.yaml", "kind: Pipeline", "# a comment\nkind:   Pipeline")
    git(branch.root, "mv", "pipelines/shop-customers.yaml", "pipelines/moved.yaml")
    commit(branch)
    assert changed(branch) == set()


def test_new_documents_count_before_they_are_committed(branch: Workspace) -> None:
    text = (branch.root / "schemas/customer.yaml").read_text()
    branch.write("schemas/später \n'x'.yaml", text.replace("name: customer", "name: extra").replace("Customer", "Ex"))
    assert changed(branch) == {"extra"}


def test_one_document_of_a_file_is_selected_alone(branch: Workspace) -> None:
    text = (branch.root / "schemas/customer.yaml").read_text()
    other = text.replace("name: customer", "name: other").replace("title: Customer", "title: Other")
    branch.write("schemas/two.yaml", f"{other}\n---\n{other.replace('other', 'more').replace('Other', 'More')}")
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    branch.edit("schemas/two.yaml", "title: More", "title: More and more")
    assert changed(branch) == {"more"}


def test_what_main_changed_since_is_not_of_the_branch(branch: Workspace) -> None:
    branch.edit("pipelines/support-tickets.yaml", "  title: Support tickets\n  labels", "  title: Desk\n  labels")
    commit(branch)
    git(branch.root, "checkout", "-q", "main")
    branch.edit("datasets/customers.yaml", "title: Customers", "title: All customers")
    commit(branch)
    git(branch.root, "checkout", "-q", "work")
    assert "support-tickets" in changed(branch)
    assert "customers" not in changed(branch)


def test_a_removed_manifest_is_deleted_by_the_branch_that_removes_it(branch: Workspace) -> None:
    branch.apply()
    (branch.root / "pipelines/support-tickets.yaml").unlink()
    (branch.root / "pipelines/shop-customers.yaml").unlink()
    git(branch.root, "checkout", "-q", "pipelines/shop-customers.yaml")
    commit(branch)
    actions = branch.plan(*SINCE).actions()
    assert set(actions.values()) == {"delete", "forget"}
    assert {address.rpartition(".")[0] for address in actions} == {"support-tickets"}
    (branch.root / "pipelines/shopify-orders.yaml").unlink()
    git(branch.root, "commit", "-q", "-a", "-m", "main has it too")
    git(branch.root, "branch", "-f", "main")
    assert changed(branch) == set(), "what another branch removed is not of this one"


def test_errors_of_others_do_not_stop_a_branch(branch: Workspace, platform: Platform) -> None:
    branch.edit("pipelines/shopify-orders.yaml", "kind: Pipeline", "kind: Pipeline\nnonsense: 1")
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    branch.edit("pipelines/support-tickets.yaml", "  title: Support tickets\n  labels", "  title: Desk\n  labels")
    assert branch.run("plan").code == 1
    assert "support-tickets" in changed(branch)
    assert branch.run("validate", *SINCE).code == 0
    branch.edit("schemas/crm-contact.yaml", "kind: Schema", "kind: Schema\nnonsense: 1")
    assert "schemas/crm-contact.yaml" in branch.run("validate", *SINCE).out, "the branch needs this document"
    git(branch.root, "checkout", "-q", "schemas")
    branch.write("pipelines/broken.yaml", "kind: [")
    assert "pipelines/broken.yaml" in branch.run("validate", *SINCE).out, "the branch wrote this file"


def test_what_refers_to_a_removed_document_is_checked(branch: Workspace) -> None:
    (branch.root / "schemas/customer.yaml").unlink()
    ended = branch.run("validate", *SINCE)
    assert (ended.code, "datasets/customers.yaml" in ended.out, "[missing-reference]" in ended.out) == (1, True, True)


def test_a_file_that_cannot_be_compared_counts_as_changed(branch: Workspace) -> None:
    good = (branch.root / "schemas/customer.yaml").read_text()
    branch.write("schemas/customer.yaml", "kind: [")
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    branch.write("schemas/customer.yaml", good)
    assert "customer" in changed(branch)


def test_a_changed_variable_selects_what_uses_it(branch: Workspace) -> None:
    branch.edit("flowctl.yaml", "canary-shopify-token", "canary-other-token")
    assert "shopify-orders" in changed(branch)
    assert "shop-customers" not in changed(branch)


@pytest.mark.parametrize(
    ("old", "new", "everything"),
    [
        ("defaultEnvironment: dev", "defaultEnvironment: dev\nmaxDelete: 7", False),
        ("    variables:", "    auth: {scopes: [openid]}\n    variables:", False),
        ("    variables:", "    sandbox: dev\n    variables:", True),
        ("manifests: [connections,", "manifests: [./connections,", True),
    ],
)
def test_settings_select_everything_that_rests_on_them(
    branch: Workspace, old: str, new: str, *, everything: bool
) -> None:
    branch.edit("flowctl.yaml", old, new)
    assert bool(changed(branch)) is everything


@pytest.mark.parametrize("before", ["kind: [", None])
def test_settings_that_cannot_be_compared_select_everything(branch: Workspace, before: str | None) -> None:
    good = (branch.root / "flowctl.yaml").read_text()
    if before is None:
        (branch.root / "flowctl.yaml").unlink()
    else:
        branch.write("flowctl.yaml", before)
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    branch.write("flowctl.yaml", good)
    assert {"customer", "shopify-orders", "support-tickets"} <= changed(branch)


def test_a_changed_file_of_mappings_selects_its_pipeline(branch: Workspace) -> None:
    text = (branch.root / "pipelines/support-tickets.yaml").read_text()
    start = text.index("mappings:")
    end = text.index("\n", text.rindex("  - {", start)) + 1
    branch.write("pipelines/support-tickets.yaml", text[:start] + "mappings: {file: rows.csv}\n" + text[end:])
    branch.write("pipelines/rows.csv", "source,destination\nid,_id\n")
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    assert changed(branch) == set()
    branch.write("pipelines/rows.csv", "source,destination\nnumber,_id\n")
    assert "support-tickets" in changed(branch)


def test_a_workspace_in_a_folder_of_the_repository(branch: Workspace) -> None:
    inner = branch.root / "inner"
    inner.mkdir()
    for name in ("connections", "schemas", "datasets", "pipelines", "flowctl.yaml"):
        git(branch.root, "mv", name, f"inner/{name}")
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    below = Workspace(root=inner, capsys=branch.capsys)
    below.edit("schemas/customer.yaml", "title: Customer", "title: Client")
    branch.write("schemas/outside.yaml", "kind: [")
    assert "customer" in changed(below)


def test_a_linked_manifest_is_the_file_that_it_leads_to(branch: Workspace) -> None:
    branch.write("shared.yaml", (branch.root / "schemas/customer.yaml").read_text())
    (branch.root / "schemas/customer.yaml").unlink()
    (branch.root / "schemas/customer.yaml").symlink_to("../shared.yaml")
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    assert changed(branch) == set()
    branch.edit("shared.yaml", "title: Customer", "title: Client")
    assert "customer" in changed(branch)


@pytest.mark.parametrize("ref", ["nope", "origin/nope", "-h", "--output=x", "main..work", "main^{tree}", "héé", "a b"])
def test_an_unknown_reference(branch: Workspace, platform: Platform, ref: str) -> None:
    platform.clear_log()
    ended = branch.run("plan", "--select", f"git:{ref}")
    assert (ended.code, "[unknown-git-ref]" in ended.err) == (1, True), ended.err
    assert platform.log() == []
    assert not (branch.root / "x").exists()


def test_a_reference_that_was_not_fetched(branch: Workspace) -> None:
    assert "`git fetch origin other`" in branch.run("plan", "--select", "git:origin/other").err


def test_a_shallow_clone_says_what_to_fetch(branch: Workspace, tmp_path: Path) -> None:
    branch.write("note.txt", "1")
    commit(branch)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{branch.root}", str(shallow))
    ended = Workspace(root=shallow, capsys=branch.capsys).run("validate", "--select", "git:origin/main")
    assert (ended.code, "fetch-depth: 0" in ended.err, "[no-common-commit]" in ended.err) == (1, True, True)


def test_a_history_of_its_own(branch: Workspace) -> None:
    git(branch.root, "checkout", "-q", "--orphan", "other")
    git(branch.root, "commit", "-q", "-m", "another beginning")
    ended = branch.run("validate", *SINCE)
    assert ("[no-common-commit]" in ended.err, "shallow" in ended.err) == (True, False)


def test_a_folder_without_a_repository(examples: Workspace) -> None:
    assert "[no-git-repository]" in examples.run("validate", *SINCE).err


def test_a_repository_without_a_commit(examples: Workspace) -> None:
    git(examples.root, "init", "-q")
    assert "[unknown-git-ref]" in examples.run("validate", *SINCE).err


def test_without_git(branch: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = branch.run("validate", *SINCE)
    assert (ended.code, "[git-unusable]" in ended.err, "Install git" in ended.err) == (1, True, True)


def test_the_settings_of_a_repository_run_no_program(branch: Workspace, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        git(branch.root, "config", key, str(trap))
    branch.write(".gitattributes", "*.yaml diff=trap\n")
    git(branch.root, "config", "diff.trap.textconv", str(trap))
    branch.edit("schemas/customer.yaml", "title: Customer", "title: Client")
    (tmp_path / "sprung").unlink(missing_ok=True)
    assert "customer" in changed(branch)
    assert not (tmp_path / "sprung").exists()


def test_a_hook_of_git_may_run_flowctl(branch: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/none")
    monkeypatch.chdir(os.sep)
    branch.edit("schemas/customer.yaml", "title: Customer", "title: Client")
    assert ("customer" in changed(branch), "crm-contact" in changed(branch)) == (True, False)


def test_a_saved_plan_needs_git_no_more(branch: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    branch.edit("schemas/customer.yaml", "title: Customer", "title: Client")
    file = str(tmp_path / "saved.plan")
    assert branch.run("plan", "--select", "git:main", "--out", file).code == 0
    commit(branch)
    git(branch.root, "branch", "-f", "main")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert branch.run("apply", file).code == 0
    assert "customer.schema" in branch.lockfile["entries"]
