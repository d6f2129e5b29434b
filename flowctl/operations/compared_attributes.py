"""Digests of the live attributes that a plan was made from: an edit outside flowctl changes one, a run does not."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

from flowctl.engine.plan.equivalence import canonical
from flowctl.engine.plan.places import leaves
from flowctl.kinds.registry import KINDS
from flowctl.model.attribute_path import Path, begins_with
from flowctl.model.change import Change
from flowctl.model.plan import Plan
from flowctl.model.resource import Sensitive
from flowctl.state.planfile_document import change_key


def compared_digests(plan: Plan, salt: str) -> Mapping[str, str]:
    """A digest of what the kind compares of each changed live object, pins included, under the salt of a plan file."""
    return {change_key(change): _digest(change, salt) for change in plan.changes if change.observed}


def _digest(change: Change, salt: str) -> str:
    document = {"places": sorted(_compared(change), key=str), "outputs": dict(change.outputs)}
    text = json.dumps(document, sort_keys=True, default=str)
    return hmac.new(bytes.fromhex(salt), text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _compared(change: Change) -> Iterator[tuple[Path, Any]]:
    """The places of a live object with their values, without secrets, and without what Experience Platform sets."""
    kind = KINDS[change.kind]
    unmanaged = tuple(kind.unmanaged(change.observed))
    for path, value in leaves(change.observed, kind.keyed_lists):
        value = canonical(value)
        if value is None or isinstance(value, Sensitive) or any(begins_with(path, each) for each in unmanaged):
            continue
        yield path, value
