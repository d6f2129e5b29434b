"""Texts that are looked through for other tools' substitutions, and those that cannot hold one."""

# ruff: noqa: E501 - tables read better in long lines

import pytest

from flowctl.manifest.lookalikes import lookalikes, may_hold_lookalikes, without_lookalikes


@pytest.mark.parametrize(
    "text",
    ["${env.NAME}", "${VAR.NAME}", "${{ secrets.NAME }}", "{{ env.NAME }}", '{{ env "NAME" }}', "{{ env_var('NAME') }}", "#{env:NAME}",
     "@{var:NAME}", "%{VAR:NAME}", "$ENV{NAME}", "$var{NAME}", "$(env:NAME)", "$Env:NAME", "$secret:NAME", "$VAR:NAME",
     "<%= ENV['NAME'] %>", "${env:A} and ${env.NAME}", "${ENV:A}${var.NAME}"],
)  # fmt: skip
def test_every_form_is_found(text: str) -> None:
    assert may_hold_lookalikes(f"a: {text} b")
    ((_, meant),) = lookalikes(f"a: {text} b")
    assert meant in ("${env:NAME}", "${var:NAME}")
    assert "NAME" not in without_lookalikes(f"a: {text} b")


@pytest.mark.parametrize(
    "text", ["", "${env:NAME}", "${var:name}", "$schema=x", "a $ b", "{env: 1}", "${env:A}-${var:b}"]
)
def test_a_text_without_one_is_not_looked_through(text: str) -> None:
    assert not may_hold_lookalikes(text)
    assert list(lookalikes(text)) == []


def test_own_substitutions_are_taken_out_too() -> None:
    assert without_lookalikes("a${env:NAME}b{{ env.NAME }}c") == "abc"
