"""Organizations, their sandboxes, clients and tokens: who may ask, and where."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_uuid
from flowctl.emulator.json_text import dump
from flowctl.emulator.kept_rows import KeptRows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

LOCAL_ORG = "LOCAL@AdobeOrg"
LOCAL_TENANT = "local"
LOCAL_CLIENT = "local-client"
LOCAL_SECRET = "local-secret"
LOCAL_TOKEN = "local-token"
ALL_PERMISSIONS = ("read", "write")


@dataclass(frozen=True, slots=True)
class Client:
    """An API client of one organization."""

    id: str
    secret: str
    org: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox; `scope` is the key of its contents and `body` what Sandbox Management shows."""

    scope: int
    org: str
    name: str
    id: str
    body: dict[str, Any]


class Directory:
    """The rows of organizations, sandboxes, clients and tokens."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kept = KeptRows(connection)

    def has_organizations(self) -> bool:
        """Return whether the database was ever filled."""
        return self._connection.execute("SELECT 1 FROM organization LIMIT 1").fetchone() is not None

    def create_first(self, now_ms: int) -> None:
        """Create the organization, sandboxes and client that fresh data holds, unless another process did."""
        if not self.has_organizations():
            self.add_organization(LOCAL_ORG, LOCAL_TENANT)
            self.add_client(Client(LOCAL_CLIENT, LOCAL_SECRET, LOCAL_ORG, frozenset(ALL_PERMISSIONS)))
            self.add_sandbox(LOCAL_ORG, "prod", "Prod", "production", now_ms, default=True)
            self.add_sandbox(LOCAL_ORG, "dev", "Dev", "development", now_ms)

    def add_organization(self, org: str, tenant: str) -> None:
        """Add an organization. Raises `sqlite3.IntegrityError` where it exists."""
        self._connection.execute("INSERT INTO organization (id, tenant) VALUES (?, ?)", (org, tenant))

    def tenant(self, org: str) -> str | None:
        """Return the tenant id of an organization, or None for an unknown one."""
        return self._kept.get(("organization", org), lambda: self._tenant(org))

    def _tenant(self, org: str) -> str | None:
        row = self._connection.execute("SELECT tenant FROM organization WHERE id = ?", (org,)).fetchone()
        return str(row[0]) if row else None

    def add_client(self, client: Client) -> None:
        """Add an API client, or replace the one of that id."""
        self._kept.clear()
        self._connection.execute(
            "INSERT OR REPLACE INTO client (id, secret, org, permissions) VALUES (?, ?, ?, ?)",
            (client.id, client.secret, client.org, dump(sorted(client.permissions))),
        )

    def client(self, client_id: str) -> Client | None:
        """Return the API client of that id, or None."""
        return self._kept.get(("client", client_id), lambda: self._client(client_id))

    def _client(self, client_id: str) -> Client | None:
        row = self._connection.execute(
            "SELECT id, secret, org, permissions FROM client WHERE id = ?", (client_id,)
        ).fetchone()
        return Client(row[0], row[1], row[2], frozenset(json.loads(row[3]))) if row else None

    def issue_token(self, client_id: str, expires_ms: int) -> str:
        """Return a new token of the client."""
        token = f"local.{secrets.token_urlsafe(48)}"
        self._connection.execute(
            "INSERT INTO token (token, client, expires) VALUES (?, ?, ?)", (token, client_id, expires_ms)
        )
        return token

    def token_owner(self, token: str, now_ms: int) -> str | None:
        """Return the client id of a token that is still valid, or None."""
        row = self._connection.execute(
            "SELECT client FROM token WHERE token = ? AND expires > ?", (token, now_ms)
        ).fetchone()
        return str(row[0]) if row else None

    def add_sandbox(
        self, org: str, name: str, title: str, type_: str, now_ms: int, *, default: bool = False
    ) -> Sandbox:
        """Add a sandbox. Raises `sqlite3.IntegrityError` where the organization has one of that name."""
        id_ = new_uuid()
        moment = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        body = {
            "name": name,
            "title": title,
            "state": "active",
            "type": type_,
            "region": "VA7",
            "isDefault": default,
            "eTag": 1,
            "createdDate": moment,
            "lastModifiedDate": moment,
            "createdBy": LOCAL_CLIENT,
            "modifiedBy": LOCAL_CLIENT,
        }
        cursor = self._connection.execute(
            "INSERT INTO sandbox (org, name, id, body) VALUES (?, ?, ?, ?)", (org, name, id_, dump(body))
        )
        return Sandbox(int(cursor.lastrowid or 0), org, name, id_, body)

    def sandbox(self, org: str, name: str) -> Sandbox | None:
        """Return the sandbox of that name, or None."""
        return self._kept.get(("sandbox", org, name), lambda: self._sandbox(org, name))

    def _sandbox(self, org: str, name: str) -> Sandbox | None:
        row = self._connection.execute(
            "SELECT scope, org, name, id, body FROM sandbox WHERE org = ? AND name = ?", (org, name)
        ).fetchone()
        return Sandbox(row[0], row[1], row[2], row[3], json.loads(row[4])) if row else None

    def change_sandbox(self, sandbox: Sandbox, body: dict[str, Any]) -> Sandbox:
        """Store what Sandbox Management shows of a sandbox, and return the sandbox with it."""
        self._kept.clear()
        self._connection.execute("UPDATE sandbox SET body = ? WHERE scope = ?", (dump(body), sandbox.scope))
        return replace(sandbox, body=body)

    def sandbox_of(self, scope: int) -> Sandbox | None:
        """Return the sandbox whose contents have that key, or None."""
        row = self._connection.execute(
            "SELECT scope, org, name, id, body FROM sandbox WHERE scope = ?", (scope,)
        ).fetchone()
        return Sandbox(row[0], row[1], row[2], row[3], json.loads(row[4])) if row else None

    def all_sandboxes(self) -> Sequence[Sandbox]:
        """Return the sandboxes of all organizations that are not deleted."""
        organizations = self._connection.execute("SELECT id FROM organization ORDER BY id")
        found = [item for (org,) in organizations.fetchall() for item in self.sandboxes(org)]
        return [item for item in found if item.body["state"] == "active"]

    def sandboxes(self, org: str) -> Sequence[Sandbox]:
        """Return all sandboxes of an organization in the order of their creation."""
        rows = self._connection.execute(
            "SELECT scope, org, name, id, body FROM sandbox WHERE org = ? ORDER BY scope", (org,)
        )
        return [Sandbox(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows]
