"""Play the sandbox of a fictional company into a served platform: objects as other clients make them."""

import json
import re
from pathlib import Path
from typing import Any

from surroundings import Platform

HERE = Path(__file__).parent


def expectations() -> dict[str, Any]:
    """What an import of the sandbox finds."""
    found: dict[str, Any] = json.loads((HERE / "foreign_expectations.json").read_text(encoding="utf-8"))
    return found


def play(platform: Platform) -> dict[str, str]:
    """Send every request of the scenario; return the IDs that it saves, by name."""
    saved: dict[str, str] = {}
    for step in json.loads((HERE / "foreign_sandbox.json").read_text(encoding="utf-8"))["requests"]:
        headers = {"Content-Type": "application/json", **_filled(step.get("headers", {}), saved)}
        body = json.dumps(_filled(step["body"], saved)) if step.get("body") is not None else None
        path = _filled(step["path"], saved)
        reply = platform.request(step["method"], path, headers=headers, content=body).raise_for_status()
        for name, pointer in step.get("save", {}).items():
            value: Any = reply.json()
            for part in pointer.split("/")[1:]:
                part = part.replace("~1", "/").replace("~0", "~")
                value = value[int(part)] if isinstance(value, list) else value[part]
            saved[name] = str(value).rpartition("/")[2] if str(value).startswith("@/") else str(value)
    return saved


def _filled(value: Any, saved: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_filled(key, saved): _filled(member, saved) for key, member in value.items()}
    if isinstance(value, list):
        return [_filled(item, saved) for item in value]
    return re.sub(r"\{\{(\w+)\}\}", lambda found: saved[found[1]], value) if isinstance(value, str) else value
