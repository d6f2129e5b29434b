"""Words of flowctl's own stay whole in every output, even if a secret begins or ends like one of them."""

import json

import pytest
from surroundings import Workspace


@pytest.mark.parametrize("secret", ["client-secret", "test-secret", "missing-value", "attributes_", "forcesReplace!"])
def test_a_secret_that_is_like_a_word_of_flowctl_leaves_documents_whole(examples: Workspace, secret: str) -> None:
    examples.edit("flowctl.yaml", "canary-rest", secret)
    examples.edit("flowctl.yaml", "canary-hubspot-token", "${env:NOT_THERE}")
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: nowhere")
    found = json.loads(examples.run("validate", "--format", "json").out)["diagnostics"]
    assert {problem["code"] for problem in found} == {"unset-secret", "missing-reference"}
    assert "[missing-reference]" in examples.run("validate").out


@pytest.mark.parametrize("secret", ["attributes_", "forcesReplace!", "source_connection-key", "not_recorded_1"])
def test_a_secret_that_is_like_a_word_of_a_plan_leaves_the_plan_whole(examples: Workspace, secret: str) -> None:
    before = json.loads(examples.run("plan", "--format", "json").out)
    examples.edit("flowctl.yaml", "canary-rest", secret)
    assert json.loads(examples.run("plan", "--format", "json").out)["changes"] == before["changes"]


@pytest.mark.parametrize("secret", ["missing-reference", "my-missing-reference"])
def test_a_secret_that_has_a_word_of_flowctl_is_masked_as_a_whole(examples: Workspace, secret: str) -> None:
    examples.edit("flowctl.yaml", "canary-rest", secret)
    examples.edit("pipelines/shop-customers.yaml", "title: Shop customers", f"title: {secret}")
    result = examples.run("plan")
    assert (result.code, secret in result.out) == (0, False)
