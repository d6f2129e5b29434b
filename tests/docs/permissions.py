"""The permissions that commands need: what they send, in Adobe's words as far as Adobe publishes them."""

import json
from collections.abc import Iterable
from pathlib import Path

RECORDING = Path(__file__).with_name("requests.json")
"""What `test_permissions.py` recorded: for each command, its requests as METHOD and PATH."""
UNPUBLISHED = "not published"

SERVICES = {
    "flowservice": ("accounts, dataflows and runs", "View Sources", "Manage Sources"),
    "catalog": ("datasets and batches", "View Datasets", "Manage Datasets"),
    "schemaregistry": ("XDM schemas", "View Schemas", "Manage Schemas"),
    "idnamespace": ("identity namespaces", "View Identity Namespaces", "Manage Identity Namespaces"),
    "audit": ("audit events", "View User Activity Log", ""),
    "conversion": ("mapping sets", "", ""),
    "export": ("rejected rows", "", ""),
}
"""For the first name of a path: what is there, and the permissions to read and to write it; empty if not published."""

PASSED_ON = {"emulator record"}
"""Commands that send what another program asks for, and nothing of their own."""
SAME_AS = {"state settle": "plan"}
"""Commands that send nothing of their own: what another command sends, as often as an interrupted run needs it."""

ADOBE = {UNPUBLISHED, *(name for _, *names in SERVICES.values() for name in names if name)}


def recorded_last() -> dict[str, list[str]]:
    """The recording as it is kept."""
    kept: dict[str, list[str]] = json.loads(RECORDING.read_text(encoding="utf-8"))
    return kept


def is_write(line: str) -> bool:
    """Whether a request stores something: checks and previews of mappings are POSTs that do not."""
    method, _, path = line.partition(" ")
    return method != "GET" and not path.endswith(("mappingSets/validate", "mappingSets/preview"))


def permission_of(line: str) -> str:
    """The permission that a request needs; `not published` if Adobe does not say."""
    service = line.partition(" ")[2].partition("/")[0]
    _, view, manage = SERVICES[service]
    return (manage if is_write(line) else view) or UNPUBLISHED


def permissions_of(sent: Iterable[str]) -> list[str]:
    """The permissions that requests need. One to manage includes that to view."""
    found = {permission_of(line) for line in sent} - {UNPUBLISHED}
    included = {view for _, view, manage in SERVICES.values() if manage in found}
    return sorted(found - included)


def unpublished_of(sent: Iterable[str]) -> list[str]:
    """What requests read or write for which Adobe publishes no permission."""
    services = {line.partition(" ")[2].partition("/")[0] for line in sent if permission_of(line) == UNPUBLISHED}
    return sorted(SERVICES[service][0] for service in services)


def permission_rows() -> str:
    """The table of the page: a row for each command."""
    rows = ["| Command | Sends | Permissions of the role | No permission is published for |", "|---|---|---|---|"]
    recorded = recorded_last()
    for command in sorted({*recorded, *SAME_AS}):
        sent = recorded[SAME_AS.get(command, command)]
        sends = "reads and writes" if any(map(is_write, sent)) else "reads"
        needed, others = ", ".join(permissions_of(sent)), ", ".join(unpublished_of(sent))
        rows.append(f"| `{command}` | {sends} | {needed or '–'} | {others or '–'} |")
    return "\n".join(rows)


def request_rows() -> str:
    """The table of all requests below `/data/foundation/`, each with the commands that send it."""
    senders: dict[str, list[str]] = {}
    for command, sent in recorded_last().items():
        for line in sent:
            senders.setdefault(line, []).append(command)
    rows = ["| Request below `/data/foundation/` | Permission | Commands |", "|---|---|---|"]
    for line in sorted(senders, key=lambda line: line.partition(" ")[::-1]):
        commands = ", ".join(f"`{command}`" for command in senders[line])
        rows.append(f"| `{line}` | {permission_of(line)} | {commands} |")
    return "\n".join(rows)
