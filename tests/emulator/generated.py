"""Requests that schemathesis makes up from the official descriptions, valid and invalid ones, and what came of them.

`python -m emulator.generated SCHEMATHESIS FOLDER EXAMPLES`, from the folder `tests`, runs all descriptions and writes
docs/project/emulator-generated.md.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from openapi_descriptions import Descriptions
from recorded_requests import Sent

from . import official
from .accepted_writes import ACCEPTED, ACCEPTED_HEADERS
from .conftest import HEADERS, SPECS
from .ruled_out import BY_NULL

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = official.FILES | {
    "access-control": "/data/foundation/access-control",
    "dataset-service": "/data/foundation/dataset",
}
"""Every description with its path; the emulator has nothing of the last two, and answers 404."""
PAGE = Path(__file__).parents[2] / "docs/project/emulator-generated.md"
WRITES = ("POST", "PUT", "PATCH")
_SERVER_ERROR = 500
_REFUSED = 300


@dataclass
class Outcome:
    """What came of the requests from one description."""

    service: str
    requests: int = 0
    refused: int = 0
    accepted_writes: int = 0
    server_errors: list[str] = field(default_factory=list)
    ruled_out: set[str] = field(default_factory=set)


def generated(command: str, folder: Path, service: str, url: str, examples: str, seed: str = "1") -> Outcome:
    """Send the requests of one description to an emulator."""
    with tempfile.TemporaryDirectory() as made:
        report = Path(made, "report.ndjson")
        done = subprocess.run(
            [command, *_arguments(folder, service, url, examples, seed, report)],
            capture_output=True,
            text=True,
            timeout=580,
            check=False,
            cwd=made,
        )
        assert report.is_file(), done.stdout[-4000:] + done.stderr[-4000:]
        return _judged(service, report, Descriptions(folder))


def _arguments(folder: Path, service: str, url: str, examples: str, seed: str, report: Path) -> list[str]:
    only = ["--include-path-regex", f"^{official.ONLY[service]}"] if service in official.ONLY else []
    headers = [part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")]
    fixed = ["--seed", seed, "--no-color", "--no-shrink", "--continue-on-failure", "--suppress-health-check", "all"]
    written = ["--report", "ndjson", "--report-ndjson-path", str(report), "--output-sanitize", "false"]
    checked = ["--checks", "not_a_server_error", "--max-examples", examples]
    return [
        "run",
        f"{folder}/{service}.yaml",
        "--url",
        url + SERVICES[service],
        *headers,
        *only,
        *checked,
        *fixed,
        *written,
    ]


def _judged(service: str, report: Path, descriptions: Descriptions) -> Outcome:
    outcome = Outcome(service)
    for request, reply in _exchanges(report):
        outcome.requests += 1
        status = reply["status_code"] if reply else _SERVER_ERROR
        line = f"{request['method']} {urlsplit(request['uri']).path}"
        if status >= _SERVER_ERROR:
            outcome.server_errors.append(f"{line} {status}")
        elif status >= _REFUSED:
            outcome.refused += 1
        elif request["method"] in WRITES:
            outcome.accepted_writes += 1
            outcome.ruled_out |= set(_ruled_out(request, descriptions))
    return outcome


def _ruled_out(request: dict[str, Any], descriptions: Descriptions) -> Iterator[str]:
    """Yield what a description rules out in an accepted request, unless it is known."""
    for deviation in descriptions.deviations(_sent(request)):
        by_null = BY_NULL * deviation.detail.startswith("None ")
        broken = f"{deviation.operation} {deviation.path} {deviation.rule}{by_null}"
        is_other = deviation.rule in ("unknown", "trailing slash")
        if not is_other and not any(fnmatchcase(broken, known) for known in (*ACCEPTED, *ACCEPTED_HEADERS)):
            yield f"{broken}: {deviation.detail}"


def _exchanges(report: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            scenario = json.loads(line).get("ScenarioFinished", {})
            for each in scenario.get("recorder", {}).get("interactions", {}).values():
                yield each["request"], each.get("response")


def _sent(request: dict[str, Any]) -> Sent:
    parts, body = urlsplit(request["uri"]), request.get("body") or b""
    content = base64.b64decode(body["$base64"]) if isinstance(body, dict) else body
    try:
        value = json.loads(content) if content else None
    except ValueError:
        value = None
    return Sent(
        method=request["method"],
        path=parts.path,
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): ", ".join(values) for name, values in request["headers"].items()},
        body=value,
        text=content.decode("utf-8", "replace") if isinstance(content, bytes) else content,
    )


def page(outcomes: list[Outcome], examples: str) -> str:
    """Return the page with the numbers."""
    rows = [
        f"| {each.service} | {each.requests:,} | {each.refused:,} | {each.accepted_writes:,} | "
        f"{len(each.server_errors)} | {len(each.ruled_out)} |"
        for each in outcomes
    ]
    total = Outcome(
        "All", *(sum(getattr(each, name) for each in outcomes) for name in ("requests", "refused", "accepted_writes"))
    )
    total.server_errors = [error for each in outcomes for error in each.server_errors]
    total.ruled_out = {broken for each in outcomes for broken in each.ruled_out}
    rows.append(
        f"| All | {total.requests:,} | {total.refused:,} | {total.accepted_writes:,} | "
        f"{len(total.server_errors)} | {len(total.ruled_out)} |"
    )
    return _PAGE.format(rows="\n".join(rows), examples=examples)


_PAGE = """\
# Generated requests on the emulator

[schemathesis](https://schemathesis.readthedocs.io) makes up requests from Adobe's official API descriptions, valid
and invalid ones, and sends them to an emulator. None of them gets a 5xx, and no write is accepted that its description
rules out, apart from the exceptions in `tests/emulator/accepted_writes.py`, each with its evidence.

Run it again with the folder of the descriptions and {examples} examples for each operation, which takes some minutes:

```text
cd tests && python -m emulator.generated PATH_OF_SCHEMATHESIS FOLDER {examples}
```

| Description | Requests | Refused | Accepted writes | 5xx | Ruled out and accepted |
| --- | --: | --: | --: | --: | --: |
{rows}

The emulator has no operation of `access-control` and `dataset-service`, and answers 404. The contract tests do the
same with 10 examples for each operation. Made-up requests seldom name objects that exist, so a second test
(`tests/emulator/test_ruled_out_writes.py`) begins with requests that are accepted: it changes each write of a walk
through every operation in every way that the descriptions rule out, one member at a time, and leaves out each required
header. These are about 5,000 requests.

## Next

- [Coverage of the emulator](emulator-coverage.md): every operation.
- [The emulator](../guides/emulator.md): what it is for.
"""


def main(command: str, folder: str, examples: str) -> None:
    """Run all descriptions and write the page."""
    from flowctl.emulator import start

    outcomes = []
    for service in SERVICES:
        with start(specs_dir=SPECS) as running:
            outcomes.append(generated(command, Path(folder), service, running.url, examples))
        sys.stderr.write(f"{outcomes[-1]}\n")
    PAGE.write_text(page(outcomes, examples), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
