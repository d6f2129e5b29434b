"""What each command sends to Experience Platform, recorded at the transport: the source of the page of permissions."""

import io
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from recorded_requests import recorded
from surroundings import DEV, EXAMPLES, Platform, change_everything

from flowctl.cli.main import main

_FOUNDATION = "/data/foundation/"
_CORE = "/data/core/"
_ID = re.compile(r"(?<=/)(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}[0-9a-f,]*|https?%3A[^/]*|_[a-z]+\.[^/]+)(?=/|$)")
_BATCH = re.compile(r"(?<=export/batches/)[^/]+")

_BY_TITLE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: by-title}
source: {connection: shop-database, params: {tableName: public.other}}
dataset: {title: By title, schema: {title: Customer}}
mappings:
  - {source: id, destination: _id}
schedule: {startTime: 2026-12-01T00:00:00Z, frequency: week, interval: 1}
"""


def template(path: str) -> str:
    """A path below `/data/foundation/` or `/data/core/`, with `ID` in place of each ID."""
    return _BATCH.sub("ID", _ID.sub("ID", path)).removeprefix(_FOUNDATION).removeprefix(_CORE)


class Commands:
    """Every command that may send something, each in the state of the workspace that makes it send the most."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self._platform = platform
        self.root = folder / "workspace"
        self.sent: dict[str, set[str]] = {}
        self._told = io.StringIO()

    def run_all(self) -> dict[str, list[str]]:
        """Run the commands in turn, and return their requests in a fixed order."""
        self._examples()
        for part in (self._first, self._runs, self._drift, self._changes, self._record, self._samples, self._take_over):
            part()
        return {command: sorted(sent, key=_by_place) for command, sent in sorted(self.sent.items())}

    def _examples(self) -> None:
        shutil.copytree(EXAMPLES, self.root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
        text = DEV.format(url=self._platform.url)
        (self.root / "flowctl.yaml").write_text(text.replace("pipelines]", "pipelines, tests]"), encoding="utf-8")

    def _first(self) -> None:
        self("doctor")
        self("plan")
        self("apply", "--auto-approve")
        for resource in ("flow", "source_connection", "target_connection", "mapping_set"):
            self("show", f"shop-customers.{resource}")
        for resource in ("shop-database.connection", "customers.dataset", "customer.schema"):
            self("show", resource)
            self("state show", resource)
        self("state show", "shop-customers.flow")
        self("explore", "shop-database")
        self("explore", "shop-database", "public.customers")
        self("new pipeline", "--connection", "shop-database", "--table", "Contacts", "--schema", "customer")
        (self.root / "pipelines" / "shop-database-contacts.yaml").unlink()
        self("destroy", "--auto-approve")  # nothing has data yet, so that nothing is kept
        self("apply", "--auto-approve", "--wait=5s", codes={0, 1})
        self("test", "--live", codes={0, 1})
        (self.root / "pipelines" / "by-title.yaml").write_text(_BY_TITLE, encoding="utf-8")
        self("specs pull")
        (self.root / "pipelines" / "by-title.yaml").unlink()

    def _runs(self) -> None:
        self("runs start", "hubspot-contacts")
        self("runs watch", "hubspot-contacts", "--timeout", "60s")
        self._setting("failed")
        flow = self._platform.one("flows", "Partner files")["id"]
        reply = self._platform.http.post("/_emulator/runs", json={"flowId": flow})
        run = reply.raise_for_status().json()["id"]
        self("runs list")
        self("runs show", run)
        self("runs errors", run, "--sample", "1")
        self("runs retry", run)
        self("runs check", codes={0, 3})
        self("status")
        self._setting("success")

    def _drift(self) -> None:
        flow = self._platform.one("flows", "Shop customers")
        self._patch(flow, "/scheduleParams/interval", 6)
        self("drift", codes={3})
        self("state show", "shop-customers.mapping_set")
        self("state orphans")

    def _changes(self) -> None:
        change_everything(_Editable(self.root), self._platform)  # type: ignore[arg-type]
        self("plan")
        self("apply", "--auto-approve")

    def _record(self) -> None:
        lockfile = self.root / "flowctl.dev.lock"
        kept = lockfile.read_bytes()
        lockfile.unlink()
        self("state repair", "--auto-approve")
        lockfile.write_bytes(kept)
        self("plan")

    def _samples(self) -> None:
        self("preview", "shop-customers", "--rows", "2")

    def _take_over(self) -> None:
        full, self.root = self.root, self.root.with_name("empty")
        self.root.mkdir()
        settings = (full / "flowctl.yaml").read_text(encoding="utf-8")
        (self.root / "flowctl.yaml").write_text(re.sub("(?m)^manifests: .*\n", "", settings), encoding="utf-8")
        self("import", "--allow-skipped")
        self.root = full
        self("destroy", "--auto-approve")

    def __call__(self, command: str, *arguments: str, codes: frozenset[int] | set[int] = frozenset({0})) -> None:
        """Run a command and keep what it sent."""
        self._told = io.StringIO()
        with recorded() as sent, redirect_stdout(self._told), redirect_stderr(self._told):
            code = main(["-C", str(self.root), *command.split(), *arguments])
        assert code in codes, f"{command}: {code}\n{self._told.getvalue()}"
        self.sent.setdefault(command, set()).update(
            f"{each.method} {template(each.path)}" for each in sent if not each.path.startswith("/ims/")
        )

    def _setting(self, outcome: str) -> None:
        self._platform.http.post("/_emulator/settings", json={"runOutcome": outcome}).raise_for_status()

    def _patch(self, flow: dict[str, object], path: str, value: object) -> None:
        self._platform.request(
            "PATCH",
            f"{_FOUNDATION}flowservice/flows/{flow['id']}",
            headers={"If-Match": str(flow["etag"])},
            json=[{"op": "replace", "path": path, "value": value}],
        ).raise_for_status()


class _Editable:
    """What `change_everything` needs of a workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def _by_place(line: str) -> tuple[str, str]:
    method, _, path = line.partition(" ")
    return path, method
