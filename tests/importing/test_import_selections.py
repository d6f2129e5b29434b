"""`--select` and `--exclude` of an import choose dataflows by the names of documents, those to come included."""

import shutil

import pytest
from surroundings import Platform, Workspace


@pytest.fixture
def lost(examples: Workspace) -> Workspace:
    """The applied examples without a lockfile and without two of the pipelines."""
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    for name in ("hubspot-contacts", "support-tickets"):
        (examples.root / f"pipelines/{name}.yaml").unlink()
    shutil.rmtree(examples.root / "tests", ignore_errors=True)
    (examples.root / "tests").mkdir()
    return examples


def imported(workspace: Workspace, *options: str) -> set[str]:
    """The pipelines that an import would write or bind."""
    found = workspace.run("import", "--dry-run", "--format", "json", *options)
    assert found.code == 0, found.err
    addresses = [address for file in found.json["written"] for address in file["addresses"]]
    addresses += [bound["address"] for bound in found.json["bound"]]
    return {address.removesuffix(".flow") for address in addresses if address.endswith(".flow")}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--select", "support-tickets"), {"support-tickets"}),
        (("--select", "hub*", "--select", "shop-customers"), {"hubspot-dataflow", "shop-customers"}),
        (("--select", "label:team=shop"), {"shop-customers", "shopify-orders"}),
        (("--select", "path:pipelines/partner-files.yaml"), {"partner-files"}),
        (("--exclude", "s*"), {"hubspot-dataflow", "partner-files"}),
        (("--flow", "S*", "--exclude", "label:team=shop"), {"support-tickets"}),
    ],
)
def test_an_import_is_narrowed(lost: Workspace, options: tuple[str, ...], expected: set[str]) -> None:
    assert imported(lost, *options) == expected


def test_what_fits_no_dataflow_names_the_nearest(lost: Workspace, platform: Platform) -> None:
    platform.clear_log()
    found = lost.run("import", "--select", "suport-tickets")
    assert found.code == 1
    assert "`suport-tickets` in --select matches nothing" in found.err
    assert "Did you mean `support-tickets`?" in found.err
    assert platform.writes() == []
