"""The lifecycle of a document, and what it says about each of its resources."""

from collections.abc import Callable

import pytest

from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph

Load = Callable[..., Manifests]
OF_THE_FLOW = ("source_connection", "target_connection", "mapping_set", "flow")


@pytest.mark.parametrize(("protected", "rules"), [("", False), (", preventDestroy: true", True)])
@pytest.mark.parametrize("on_delete", ["auto", "retain", "delete"])
def test_of_a_pipeline_only_the_dataset_is_retained_or_deleted(
    loaded: Load, contract: str, on_delete: str, protected: str, *, rules: bool
) -> None:
    written = f"lifecycle: {{onDelete: {on_delete}{protected}}}"
    manifests = loaded({"pipelines/a.yaml": contract.replace("# lifecycle: {onDelete: ...}", written)})
    assert [each for each in manifests.diagnostics if each.severity == "error"] == []
    graph = {address.kind: resource for address, resource in desired_graph(manifests.documents).items()}
    assert graph["dataset"].lifecycle == (on_delete, rules)
    for kind in OF_THE_FLOW:
        assert graph[kind].lifecycle == ("auto", rules)


def test_ignored_places_are_told_to_the_resources_of_their_kind(loaded: Load, contract: str) -> None:
    written = "lifecycle: {ignoreChanges: [flow.scheduleParams.interval, source_connection.params]}"
    manifests = loaded({"pipelines/a.yaml": contract.replace("# lifecycle: {onDelete: ...}", written)})
    ignored = {address.kind: each.ignored for address, each in desired_graph(manifests.documents).items()}
    assert ignored["flow"] == ("scheduleParams.interval",)
    assert ignored["source_connection"] == ("params",)
    assert ignored["target_connection"] == ()
