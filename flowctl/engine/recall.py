"""Recall: finds an object that may have been made although no reply came.

The platform has no idempotency keys and allows equal names, so an object is taken for ours only if it has every
attribute that was sent, ids of its parents included, was made since, and is recorded nowhere.
"""

from collections.abc import Collection

from flowctl.engine import diff
from flowctl.engine.reading import Send, object_pages
from flowctl.kinds.kind import Kind
from flowctl.model.json_value import JSONObject
from flowctl.model.record import Intent, Lockfile
from flowctl.model.resource import RemoteObject

CLOCK_SKEW = 600_000
"""Milliseconds by which the platform's clock may be behind ours."""


def recall_unrecorded(kind: Kind, intent: Intent, lockfile: Lockfile, send: Send) -> list[RemoteObject]:
    """The objects that may be what this intent made, among those that the record does not hold.

    Of a kind whose objects are made in versions that never change, equal objects are as good as each other; the
    newest is taken.
    """
    recorded = {entry.id for entry in lockfile.entries.values()}
    recorded |= {old for entry in lockfile.entries.values() for old in entry.deposed}
    found = recall(kind, intent.entry.applied, since=intent.at, recorded=recorded, send=send)
    return found[:1] if kind.versioned else found


def recall(kind: Kind, sent: JSONObject, *, since: int, recorded: Collection[str], send: Send) -> list[RemoteObject]:
    """The objects that may be the one sent at `since` (epoch milliseconds), the newest first."""
    earliest = since - CLOCK_SKEW
    found: list[RemoteObject] = []
    for page in object_pages(kind, kind.recall(sent), send):
        fresh = [live for live in page if (kind.created_at(live.body) or since) >= earliest]
        found += [live for live in fresh if live.id not in recorded and is_as_sent(kind, sent, live)]
        if page and not fresh:
            break
    return found


def is_as_sent(kind: Kind, sent: JSONObject, live: RemoteObject) -> bool:
    """Whether a live object has every attribute that was sent; secrets cannot be compared and do not count."""
    return not diff.changes(
        desired=sent,
        observed=live.attributes,
        applied={},
        keyed_lists=kind.keyed_lists,
        secret_changed=lambda _path, _secret: False,
    )
