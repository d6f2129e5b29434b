"""What commands print, whole, as files to read aloud: a change of a sentence is a change of a file here.

After a change of output run `RENEW_GOLDEN=1 python -m pytest -n 0 tests/golden` and read the difference.
"""

import os
import re
from pathlib import Path

import pytest
from surroundings import Platform, Result, Workspace

from flowctl.cli.main import main
from flowctl.specs.files import docs_dir

HERE = Path(__file__).parent
_FLOWS = "/data/foundation/flowservice/flows"
_MASKS = (
    (re.compile(r"(?<=next runs).*"), " TIMES"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{24,}\b"), "ID"),
    (re.compile(r"\b\d+\.\d s\b"), "0.0 s"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ (with client)"), r"TIME \1"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"^\[\d+/(\d+)\] +", re.MULTILINE), r"[N/\1] "),
)


def _matches(name: str, result: Result) -> None:
    """The output is that of the file; the steps of an apply, which end in any order, are sorted."""
    text = f"{_masked(result.out)}--- stderr ---\n{_masked(result.err)}--- exit code {result.code:d} ---\n"
    path = HERE / f"{name}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def _masked(text: str) -> str:
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    lines = text.splitlines(keepends=True)
    steps = iter(sorted(line for line in lines if line.startswith("[N/")))
    return "".join(next(steps) if line.startswith("[N/") else line for line in lines)


def _edited(examples: Workspace, platform: Platform) -> None:
    """A day's work: an update, a replacement, a removed pipeline, a new dataset, and an edit in the UI."""
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    changed = platform.request(
        "PATCH",
        f"{_FLOWS}/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/description", "value": "Edited in the UI"}],
    )
    changed.raise_for_status()
    examples.edit("pipelines/partner-files.yaml", "lower(email)", "trim(lower(email))")
    examples.edit("pipelines/hubspot-contacts.yaml", "path: Hubspot.Contacts", "path: Hubspot.Companies")
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    examples.write(
        "datasets/archive.yaml",
        "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: archive}\ntitle: Archive\nschema: customer\n",
    )


def test_a_plan(examples: Workspace, platform: Platform) -> None:
    _edited(examples, platform)
    _matches("plan", examples.run("plan"))
    _matches("plan-markdown", examples.run("plan", "--format", "markdown"))
    _matches("plan-guarded", examples.run("plan", "--max-delete", "3"))


def test_drift(examples: Workspace, platform: Platform) -> None:
    _edited(examples, platform)
    _matches("drift", examples.run("drift"))
    _matches("drift-accepted", examples.run("drift", "--accept"))


def test_an_apply_and_a_destroy(examples: Workspace, platform: Platform) -> None:
    _edited(examples, platform)
    _matches("apply", examples.run("apply", "--auto-approve"))
    _matches("plan-empty", examples.run("plan"))
    _matches("destroy", examples.run("destroy", "--auto-approve"))


def test_an_apply_that_fails(examples: Workspace, platform: Platform) -> None:
    datasets = {"method": "POST", "path": "/data/foundation/catalog/dataSets"}
    examples.edit("pipelines/support-tickets.yaml", "frequency: minute", "frequency: hour")
    for name in ("hubspot-contacts", "shopify-orders", "shop-customers"):
        (examples.root / f"pipelines/{name}.yaml").unlink()
    platform.fault(match=datasets, nth=1, times=9, effect={"status": 403})
    _matches("apply-failed", examples.run("apply", "--auto-approve", "--parallelism", "1", "-q"))


def test_a_validation_with_many_errors(examples: Workspace) -> None:
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: hourly")
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    examples.edit("pipelines/partner-files.yaml", "landing-bucket", "landing-buckett")
    examples.edit("pipelines/support-tickets.yaml", "schedule:", "schedul:")
    examples.edit("schemas/customer.yaml", "title:", "titel:")
    examples.edit("connections/hubspot.yaml", "connector: hubspot", "connector: hubspott")
    examples.edit("connections/shopify.yaml", "${var:shopifyAccessToken}", "${var:shopifyToken}")
    _matches("validate", examples.run("validate"))


def test_a_platform_that_does_not_reply(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    platform.fault(match={"method": "GET", "path": _FLOWS}, nth=1, times=99, effect={"status": 503})
    _matches("unavailable", examples.run("plan", "--retry-budget", "0", "--parallelism", "1"))
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write("flowctl.yaml", re.sub(r"endpoint: \S+", "endpoint: http://127.0.0.1:9", text))
    _matches("unreachable", examples.run("plan", "--retry-budget", "0"))


@pytest.mark.parametrize("words", [(), ("apply",), ("state",), ("state", "mv")], ids=" ".join)
def test_help(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code = main([*words, "--help"])
    captured = capsys.readouterr()
    out = captured.out.replace(str(docs_dir()), "DOCS")
    _matches("-".join(("help", *words)), Result(code=code, out=out, err=captured.err))
