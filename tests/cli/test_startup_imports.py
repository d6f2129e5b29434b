"""What each command imports: scripts ask for the version often, and a shell asks for completions at every key.

Held by the names of modules and not by a clock, so that the answer is the same on every machine.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.workspace import generate

EXAMPLES = Path(__file__).parents[2] / "examples"

PROGRAM = """
import sys
before = set(sys.modules)
from flowctl.cli.main import main
code = main(sys.argv[1:])
modules = sorted(set(sys.modules) - before)
import json
sys.stderr.write(json.dumps({"code": code, "modules": modules}))
"""

DRAWING = {"rich", "pygments", "markdown_it"}
NETWORK = {"httpx", "httpcore", "h11", "anyio", "certifi", "idna", "ssl"}
EMULATOR = {"starlette", "uvicorn", "sqlite3"}
VALIDATOR = {"jsonschema", "referencing", "rpds", "attr", "attrs"}
COMPARISON = {"deepdiff", "orderly_set"}
EVERYTHING_HEAVY = DRAWING | NETWORK | EMULATOR | VALIDATOR | COMPARISON


def imported(*arguments: str) -> set[str]:
    """The modules that a command line imports in a fresh interpreter, with everything that they import."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer = json.loads(done.stderr.splitlines()[-1])
    assert answer["code"] == 0
    return set(answer["modules"])


def packages(modules: set[str]) -> set[str]:
    """The packages that modules belong to."""
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("arguments", [("--version",), ("version",)])
def test_the_version_imports_these_modules_and_no_other(arguments: tuple[str, ...]) -> None:
    assert imported(*arguments) == {"flowctl", "flowctl.cli", "flowctl.cli.main"}


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("plan", "--help"), ("completion", "bash"), ("completion", "zsh"), ("completion", "fish")],
)
def test_help_and_completion_import_nothing_that_works_or_draws(arguments: tuple[str, ...]) -> None:
    assert not packages(imported(*arguments)) & (DRAWING | EMULATOR | VALIDATOR | COMPARISON)


@pytest.mark.parametrize("arguments", [("--help",), ("completion", "bash")])
def test_help_and_completion_of_all_commands_import_only_click(arguments: tuple[str, ...]) -> None:
    assert third_party(imported(*arguments)) == {"click"}


@pytest.mark.parametrize("arguments", [("validate",), ("validate", "--format", "json")])
def test_validation_of_good_manifests_reads_yaml_and_needs_nothing_else(arguments: tuple[str, ...]) -> None:
    modules = imported("-C", str(EXAMPLES), *arguments)
    assert not packages(modules) & EVERYTHING_HEAVY
    assert third_party(modules) == {"click", "yaml"}
    assert not [module for module in modules if module.startswith("flowctl.kinds")]


def test_manifests_with_variables_are_validated_without_a_yaml_library(tmp_path: Path) -> None:
    workspace = generate(tmp_path / "workspace", 1)
    assert any("${var:" in file.read_text(encoding="utf-8") for file in workspace.manifests)
    modules = imported("-C", str(workspace.root), "validate", str(workspace.manifests[-1]))
    assert third_party(modules) == {"click"}
    assert not modules & {"hashlib", "hmac", "flowctl.manifest.reading.cache", "flowctl.manifest.verdicts"}


def test_a_list_of_the_lockfile_needs_no_network() -> None:
    assert not packages(imported("-C", str(EXAMPLES), "state", "list")) & EVERYTHING_HEAVY


@pytest.mark.parametrize("arguments", [("validate",), ("--help",)])
def test_what_only_speaks_of_what_is_wrong_or_recorded_is_not_imported(arguments: tuple[str, ...]) -> None:
    words = {"flowctl.validation.document_words", "flowctl.validation.spec_words", "flowctl.validation.breaches"}
    record = {"flowctl.state.ledger", "flowctl.state.journal", "flowctl.operations.recorded_pipelines"}
    assert not imported("-C", str(EXAMPLES), *arguments) & {"html", "html.entities", *words, *record}


def test_help_reads_no_specs() -> None:
    assert not imported("--help") & {"flowctl.specs.connector", "flowctl.specs.flow_spec", "flowctl.specs.files"}


def test_help_does_not_import_json() -> None:
    assert not imported("--help") & {"json", "shlex"}


def test_a_json_plan_draws_nothing_and_validates_with_no_library(tmp_path: Path) -> None:
    workspace = tmp_path / "flowctl.yaml"
    workspace.write_text("apiVersion: flowctl/v1\nkind: Workspace\n", encoding="utf-8")
    manifest = (
        "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: a}\nclass: https://ns.adobe.com/xdm/context/profile\n"
    )
    (tmp_path / "a.yaml").write_text(manifest, encoding="utf-8")
    modules = imported("-C", str(tmp_path), "plan", "--format", "json")
    assert not packages(modules) & (DRAWING | VALIDATOR | COMPARISON)
    assert "httpx" in modules


def test_a_plan_without_changes_imports_nothing_of_saved_plans_of_recovery_and_of_other_results(tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    shutil.copytree(EXAMPLES, examples, ignore=shutil.ignore_patterns(".flowctl"))
    modules = imported("-C", str(examples), "plan", "--destroy")
    assert "flowctl.views.plan_text" in modules
    assert not {module for module in modules if module.endswith("_report")}
    assert not {module for module in modules if module.startswith(("flowctl.state.planfile", "flowctl.views.review"))}
    unused = {"flowctl.views.listed", "flowctl.views.plan_by_pipeline", "flowctl.engine.recover.pending"}
    unused |= {"flowctl.views.plan_wire", "flowctl.state.review_digest", "flowctl.model.report"}
    assert not modules & unused


@pytest.mark.parametrize("arguments", [("--help",), ("validate",), ("plan", "--format", "json")])
def test_no_command_reads_the_table_of_diagnostic_codes(arguments: tuple[str, ...], tmp_path: Path) -> None:
    examples = tmp_path / "examples"
    shutil.copytree(EXAMPLES, examples, ignore=shutil.ignore_patterns(".flowctl"))
    assert "flowctl.model.diagnostic" in imported("-C", str(examples), "validate")
    assert "flowctl.model.codes" not in imported("-C", str(examples), *arguments)


def third_party(modules: set[str]) -> set[str]:
    """The packages of others, without the standard library and what a compiled extension registers of itself."""
    own = {"flowctl", "cython_runtime"}
    found = packages(modules) - set(sys.stdlib_module_names) - own
    return {package for package in found if not package.startswith(("_cython", "_distutils"))}


def test_the_emulator_imports_the_mapping_language_only_when_it_is_asked_for() -> None:
    program = "import sys, flowctl.emulator.services.data_prep as d; print([m for m in sys.modules if 'dataprep' in m])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("arguments", [("--help",), ("version",), ("-C", str(EXAMPLES), "state", "list")])
def test_what_reads_no_mapping_imports_neither_the_language_nor_the_library(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert not {module for module in modules if module.startswith(("flowctl.dataprep", "flowctl.xdm"))}
    assert "regex" not in packages(modules)


def test_a_validation_imports_only_what_the_expressions_of_its_mappings_use() -> None:
    unused = {"tempfile", "csv", "click.shell_completion"}
    unused |= {f"flowctl.dataprep.{part}" for part in ("functions", "dates", "patterns", "methods")}
    assert not imported("-C", str(EXAMPLES), "validate") & unused


def test_the_help_imports_nothing_that_tells_of_a_failure_or_completes() -> None:
    assert not imported("--help") & {"difflib", "tempfile", "click.shell_completion", "flowctl.views.output"}


def test_a_validation_imports_neither_a_log_nor_what_only_some_numbers_and_terminals_need() -> None:
    assert not imported("-C", str(EXAMPLES), "validate") & {"logging", "string", "traceback", "shutil", "decimal"}
