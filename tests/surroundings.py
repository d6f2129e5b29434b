"""What tests work with: a served platform seen from outside, a workspace folder, the command line run in it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from flowctl.cli.main import main

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas"
EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Result:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def actions(self) -> dict[str, str]:
        """The planned action of each address."""
        return {change["address"]: change["action"] for change in self.json["changes"]}


def is_read(request: dict[str, Any]) -> bool:
    """Whether a logged request can change nothing: the check of mappings is a POST that stores nothing."""
    return request["method"] == "GET" or request["path"].endswith("/conversion/mappingSets/validate")


@dataclass
class Platform:
    """A served platform, seen from outside."""

    url: str
    http: httpx.Client = field(repr=False)
    database: Path | None = None
    """Its file, where a test may give its contents back."""
    applied: dict[frozenset[tuple[Path, bytes]], "Applied"] = field(default_factory=dict, repr=False)

    def reset(self) -> None:
        """Return to fresh data, without faults and with an empty log."""
        self.http.post("/_emulator/reset").raise_for_status()

    def clear_log(self) -> None:
        self.http.delete("/_emulator/requests").raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        """The requests since the log was cleared, without those for tokens."""
        requests = self.http.get("/_emulator/requests").raise_for_status().json()["requests"]
        return [request for request in requests if not request["path"].startswith("/ims/")]

    def asked(self) -> list[tuple[str, str, int | None]]:
        """The same requests, sorted: method, path, and the status of the reply, None if the connection was dropped."""
        return sorted((each["method"], each["path"], each["status"]) for each in self.log())

    def writes(self) -> list[dict[str, Any]]:
        """The requests that may have changed something: the check of mappings stores nothing."""
        return [request for request in self.log() if not is_read(request)]

    def copy(self) -> Path:
        """A copy of its contents."""
        assert self.database is not None
        path = self.database.with_name(f"copy-{len(self.applied)}")
        with closing(sqlite3.connect(self.database)) as own, closing(sqlite3.connect(path)) as copy:
            own.backup(copy)
        return path

    def give_back(self, copy: Path) -> None:
        """Make its contents those of a copy."""
        assert self.database is not None
        with closing(sqlite3.connect(self.database, timeout=30)) as own:
            own.execute("ATTACH ? AS copy", (str(copy),))
            with own:
                for (table,) in own.execute("SELECT name FROM copy.sqlite_master WHERE type = 'table'").fetchall():
                    own.execute(f"DELETE FROM main.{table}")
                    own.execute(f"INSERT INTO main.{table} SELECT * FROM copy.{table}")

    def fault(self, **fault: Any) -> None:
        self.http.post("/_emulator/faults", json=fault).raise_for_status()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request of somebody else, such as an edit in the user interface."""
        headers = {
            "Authorization": "Bearer local-token",
            "x-api-key": "local-client",
            "x-gw-ims-org-id": "LOCAL@AdobeOrg",
            "x-sandbox-name": "dev",
            **options.pop("headers", {}),
        }
        return self.http.request(method, path, headers=headers, **options)

    def items(self, collection: str) -> list[dict[str, Any]]:
        """All objects of a Flow Service collection."""
        reply = self.request("GET", f"/data/foundation/flowservice/{collection}", params={"limit": 1000})
        items: list[dict[str, Any]] = reply.raise_for_status().json()["items"]
        return items

    def one(self, collection: str, name: str) -> dict[str, Any]:
        """The only object of this name."""
        (found,) = [item for item in self.items(collection) if item["name"] == name]
        return found


@dataclass(frozen=True)
class Applied:
    """What an apply left: the contents of the platform's database, and the lockfile."""

    database: Path
    lockfile: bytes


@dataclass
class Workspace:
    """A workspace folder and the command line run in it."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    platform: Platform | None = None

    def run(self, *arguments: str) -> Result:
        self.capsys.readouterr()
        code = main(["-C", str(self.root), *arguments])
        captured = self.capsys.readouterr()
        return Result(code=code, out=captured.out, err=captured.err)

    def plan(self, *arguments: str) -> Result:
        result = self.run("plan", "--format", "json", *arguments)
        assert result.code in (0, 2), result.out + result.err
        return result

    def apply(self, *arguments: str) -> Result:
        result = self.run("apply", "--auto-approve", *arguments)
        assert result.code == 0, result.out + result.err
        return result

    def begin_applied(self) -> None:
        """Apply to the fresh platform, where that is only how a test begins.

        The same files are applied once: after that, the platform and the record are made what that apply left.
        """
        assert self.platform is not None
        files = frozenset((path.relative_to(self.root), path.read_bytes()) for path in self._files())
        lockfile = self.root / "flowctl.dev.lock"
        left = self.platform.applied.get(files)
        if left is None:
            self.apply()
            left = Applied(self.platform.copy(), lockfile.read_bytes())
            self.platform.applied[files] = left
        else:
            self.platform.give_back(left.database)
            lockfile.write_bytes(left.lockfile)
        self.platform.clear_log()

    def _files(self) -> list[Path]:
        own = self.root / ".flowctl"
        return [path for path in self.root.rglob("*") if path.is_file() and own not in path.parents]

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def lockfile(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.root / "flowctl.dev.lock").read_text(encoding="utf-8"))
        return document


FLOWS = "/data/foundation/flowservice/flows"


def change_everything(examples: Workspace, platform: Platform) -> None:
    """Edit applied examples and the platform, so that a plan has every action, drift, and an object that is gone."""
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    examples.edit("pipelines/shopify-orders.yaml", "{source: Email, destination", "{source: Contact, destination")
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    flow = platform.one("flows", "Partner files")
    platform.request(
        "PATCH",
        f"{FLOWS}/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}],
    ).raise_for_status()
    platform.request("DELETE", f"{FLOWS}/{platform.one('flows', 'HubSpot dataflow')['id']}").raise_for_status()


DEV = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [connections, schemas, datasets, pipelines]
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables:
      hubspotClientSecret: canary-hubspot-secret
      hubspotAccessToken: canary-hubspot-token
      shopifyAccessToken: canary-shopify-token
      s3SecretKey: canary-s3-secret
      postgresConnectionString: Server=db;Password=canary-postgres
      restPassword: canary-rest
"""
