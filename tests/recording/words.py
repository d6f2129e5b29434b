"""The words that a record keeps, from Adobe's API descriptions: `python -m tests.recording.words` renews them.

Names of members and parameters, parts of paths and values of enumerations; of examples only the names of members.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[2] / "flowctl" / "recording" / "data" / "words.json"
_NAME = re.compile(r"[A-Za-z@$_][A-Za-z:@$_-]*")
_VALUE = re.compile(r"[A-Za-z][A-Za-z0-9:/._ -]{0,60}")
_METHODS = {"get", "post", "put", "patch", "delete", "head"}


def words_of(folder: Path) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {"members": set(), "values": set(), "segments": set()}
    for file in sorted(folder.glob("*.yaml")):
        document = yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        paths = [document.get("basePath", ""), *document["paths"]]
        paths += [server.get("url", "").partition("://")[2].partition("/")[2] for server in document.get("servers", ())]
        found["segments"] |= {part for path in paths for part in path.split("/") if re.fullmatch(r"[A-Za-z_-]+", part)}
        for kind, word in _found(document):
            found[kind].add(word)
    return {kind: sorted(words) for kind, words in found.items()}


def _found(node: Any, *, example: bool = False) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _found(item, example=example)
    if not isinstance(node, dict):
        return
    if node.get("in") in ("query", "header", "path") and isinstance(node.get("name"), str):
        yield "members", node["name"]
    for key, value in node.items():
        is_example = example or key in ("example", "examples", "default")
        if example and isinstance(key, str) and _NAME.fullmatch(key):
            yield "members", key
        if key == "properties" and isinstance(value, dict) and not example:
            yield from (("members", name) for name in value if isinstance(name, str) and _NAME.fullmatch(name))
        if key == "enum" and isinstance(value, list) and not example:
            yield from (("values", each) for each in value if isinstance(each, str) and _VALUE.fullmatch(each))
        yield from _found(value, example=is_example)


def main(folder: str) -> None:
    DATA.write_text(json.dumps(words_of(Path(folder)), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
