"""Records the story in one checkout: exit code, output and requests of each command, without what is random."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.recorded.story import STORY

_LAUNCH = "import sys; sys.path.insert(0, sys.argv.pop(1)); from flowctl.cli.main import run; run()"
_READY = "listening on "
_RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,64}")
_TIMES = (
    (re.compile(r"\b\d+\.\d s\b"), "N s"),
    (re.compile(r"\[\d+/(\d+)\] +"), r"[N/\1] "),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"\b1[0-9]{12}\b"), "MILLISECONDS"),
)
_WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [connections, schemas, datasets, pipelines]
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables:
      hubspotClientSecret: secret-one
      hubspotAccessToken: secret-two
      shopifyAccessToken: secret-three
      s3SecretKey: secret-four
      postgresConnectionString: Server=db;Password=secret-five
      restPassword: secret-six
"""


def recorded(checkout: Path, folder: Path) -> list[dict[str, Any]]:
    """One record for each command: `{title, command, code, out, err, requests}`."""
    flowctl = (sys.executable, "-c", _LAUNCH, str(checkout))
    root = folder / "workspace"
    shutil.copytree(checkout / "examples", root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    records = []
    with _served(flowctl) as url:
        (root / "flowctl.yaml").write_text(_WORKSPACE.format(url=url), encoding="utf-8")
        for chapter in STORY:
            chapter.edit(root)
            for words in chapter.commands:
                _control(url, "DELETE", "requests")
                ended = subprocess.run(
                    [*flowctl, *words],
                    cwd=root,
                    check=False,
                    capture_output=True,
                    text=True,
                    stdin=subprocess.DEVNULL,
                    env={"PATH": "", "HOME": str(folder), "COLUMNS": "100"},
                )
                sent = _control(url, "GET", "requests")["requests"]
                records.append(
                    {
                        "title": chapter.title,
                        "command": " ".join(words),
                        "code": ended.returncode,
                        "out": ended.stdout,
                        "err": ended.stderr,
                        "requests": [f"{one['method']} {one['path']} {one['query']}" for one in sent],
                    }
                )
    return [_without_chance(record, root) for record in records]


def _without_chance(record: dict[str, Any], root: Path) -> dict[str, Any]:
    """The record with ids, times, ports and folders replaced by words."""
    text = json.dumps(record, ensure_ascii=False).replace(str(root), "ROOT")
    for pattern, word in _TIMES:
        text = pattern.sub(word, text)
    cleaned: dict[str, Any] = json.loads(_RANDOM.sub("ID", text))
    # What runs at once ends in any order.
    progress = "\n".join(sorted(cleaned["err"].splitlines()))
    return {**cleaned, "err": progress, "requests": sorted(cleaned["requests"])}


@contextmanager
def _served(flowctl: tuple[str, ...]) -> Iterator[str]:
    with subprocess.Popen([*flowctl, "emulator", "serve"], stderr=subprocess.PIPE, text=True) as process:
        try:
            if process.stderr is None:
                raise AssertionError("stderr is a pipe")
            yield process.stderr.readline().removeprefix(_READY).strip()
        finally:
            process.terminate()


def _control(url: str, method: str, operation: str) -> Any:
    request = urllib.request.Request(f"{url}/_emulator/{operation}", method=method)
    with urllib.request.urlopen(request) as reply:
        content = reply.read()
    return json.loads(content) if content else None
