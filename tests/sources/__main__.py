"""Counts the documented pages of sources that can be followed to the end: `python -m tests.sources [--write]`.

It starts an emulator, sends the requests of each page, and prints one row for each. `--write` puts the rows into the
documentation.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx

from flowctl import emulator
from flowctl.specs.catalogue import connector, connector_names
from tests.sources.copies import COPIES, PUBLISHED
from tests.sources.documented_pages import ELSEWHERE, PAGES, WITHOUT
from tests.sources.replay import Replay, replayed

PAGE = Path(__file__).parents[2] / "docs" / "project" / "source-pages.md"
_PART = re.compile(r"(<!-- measured: source-pages -->\n).*(<!-- end -->)", re.DOTALL)
_ADDRESS = "https://github.com/AdobeDocs/experience-platform.en/blob/{commit}/help/sources/tutorials/api/{name}.md"


def results() -> dict[str, Replay]:
    """How far each page can be followed, on an emulator of its own."""
    with emulator.start() as running, httpx.Client(base_url=running.url, timeout=30) as http:
        return {name: replayed(http, name) for name in PAGES}


def report(found: dict[str, Replay]) -> Iterator[str]:
    """The rows, in Markdown."""
    ended = sum(replay.to_the_end for replay in found.values())
    remarks = sum(bool(page.remark) for page in PAGES.values())
    requests = sum(replay.sent for replay in found.values())
    yield "| | |\n|---|--:|"
    yield f"| pages | {len(PAGES) + len(WITHOUT)} |"
    yield f"| compared with the catalogue | {len(COPIES)} |"
    yield f"| with a connector | {len(PAGES)} |"
    yield f"| followed to the end | {ended} |"
    yield f"| of these, with a correction | {remarks} |"
    yield f"| requests that were sent | {requests} |"
    yield f"| connectors | {len(connector_names())} |"
    yield f"| connectors without such a page | {len(ELSEWHERE)} |"
    yield "\n| Page | Copy | Connector | Requests | To the end | Remark |\n|---|---|---|--:|---|---|"
    for name in sorted({*PAGES, *WITHOUT}):
        yield _row(name, found)
    yield "\n| Connector without such a page | Reason |\n|---|---|"
    for name, reason in ELSEWHERE.items():
        yield f"| {_link(name)} | {reason} |"


def _row(name: str, found: dict[str, Replay]) -> str:
    begin = f"| [{name.removeprefix('create/')}]({_ADDRESS.format(commit='main', name=name)}) | {_copy(name)}"
    if name in WITHOUT:
        return f"{begin} | none | 0 | no | {WITHOUT[name]} |"
    page, replay = PAGES[name], found[name]
    remark = replay.refused or page.remark
    return f"{begin} | {_link(page.connector)} | {replay.sent} | {'yes' if replay.to_the_end else 'no'} | {remark} |"


def _copy(name: str) -> str:
    copy = COPIES[name]
    return copy if copy == PUBLISHED else f"[{copy[:7]}]({_ADDRESS.format(commit=copy, name=name)})"


def _link(name: str) -> str:
    assert connector(name) is not None
    return f"[`{name}`](../connectors/{name}.md)"


def written(text: str, found: dict[str, Replay]) -> str:
    """The page of the documentation with these rows."""
    rows = "\n".join(report(found))
    return _PART.sub(lambda part: f"{part[1]}\n{rows}\n\n{part[2]}", text)


if __name__ == "__main__":
    replays = results()
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), replays), encoding="utf-8", newline="\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in report(replays))
    sys.exit(0 if all(replay.to_the_end for replay in replays.values()) else 1)
