"""Whatever other people made is imported exactly, or skipped with its reason: no write, no secret, nothing twice."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import proxied
from made_sandbox import make
from surroundings import Platform, Workspace


def _texts(root: Path) -> dict[str, str]:
    found = (path for path in root.rglob("*") if path.is_file() and path.name != "flowctl.yaml")
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in found}


@pytest.mark.parametrize(("seed", "secrets"), [(1, "mask"), (2, "echo"), (3, "drop")])
def test_an_import_is_exact(empty: Workspace, platform: Platform, seed: int, secrets: str) -> None:
    platform.http.post("/_emulator/settings", json={"secrets": secrets}).raise_for_status()
    made = make(platform, seed)
    platform.clear_log()
    found = empty.run("import", "--format", "json")
    assert found.code == 1, found.err
    reasons = {each["id"]: each["reason"] for each in found.json["skipped"]}
    shares, secret = "is also that of the dataflow", "its source connection has a secret"
    extra = {key: reasons[key] for key in reasons.keys() - {*made.flows[1:5]}}
    assert extra == {}
    assert [shares in reasons[each] for each in made.flows[1:3]] == [True, True]
    assert [secret in reasons[each] for each in made.flows[3:5]] == [True, True]
    assert set(empty.plan().actions().values()) == {"import"}
    applied = empty.apply()
    drift = empty.run("drift")
    assert (empty.run("plan", "--detailed-exitcode").code, drift.code) == (0, 0)
    again = empty.run("import", "--allow-skipped", "--format", "json")
    assert (again.code, again.json["written"], again.json["bound"]) == (0, [], [])
    assert platform.writes() == []
    everything = "".join([*_texts(empty.root).values(), found.out, found.err, applied.out, applied.err, drift.out])
    assert [each for each in made.secrets if each in everything] == []


def test_the_order_of_answers_changes_no_file(empty: Workspace, platform: Platform) -> None:
    """Neither that of a list of objects, nor that of the members of each."""
    make(platform, 4)
    order = random.Random(4)

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            members = [(name, shuffled(member)) for name, member in value.items()]
            order.shuffle(members)
            return dict(members)
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    def reworded(content: bytes) -> bytes:
        body = shuffled(json.loads(content)) if content else None
        for name in ("items", "results", "data") if isinstance(body, dict) else ():
            if isinstance(body.get(name), list):
                order.shuffle(body[name])
        return json.dumps(body).encode() if content else content

    assert empty.run("import", "--allow-skipped").code == 0
    first = _texts(empty.root)
    for name in first:
        (empty.root / name).unlink()
    with proxied(platform.url) as proxy:
        proxy.reworded = reworded
        empty.edit("flowctl.yaml", platform.url, proxy.url)
        assert empty.run("import", "--allow-skipped").code == 0
    assert _texts(empty.root) == first
