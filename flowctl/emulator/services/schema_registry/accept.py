"""The Accept header of Schema Registry: which view of a resource is asked for.

Lists take no version (XDM-1006-400), lookups need one (XDM-1007-400); only version 1 exists (406). The canonical
`xdm` views are answered like the `xed` ones: the standard resources here are kept in compatibility names only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flowctl.emulator.errors import Refusal, problem
from flowctl.emulator.json_text import dump
from flowctl.emulator.services.schema_registry.errors import xdm_error

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

_RESOURCE = re.compile(
    r"\s*application/vnd\.adobe\.(?:xed|xdm)((?:-[a-z]+)*)\+json\s*(?:;\s*version=(\d+(?:\.\d+)?))?\s*\Z"
)
_DESCRIPTOR = re.compile(r"\s*application/vnd\.adobe\.(xdm(?:-v2)?(?:-id|-link)?)\+json\s*\Z")
LIST_VIEWS = frozenset({"", "-id"})
LOOKUP_VIEWS = frozenset({"", "-full", "-notext", "-full-notext", "-full-desc", "-deprecatefield"})


def list_view(call: Call) -> str:
    """Return `xed` or `xed-id`. Refuses anything else, a version included (XDM-1006-400)."""
    match = _RESOURCE.match(call.incoming.headers.get("accept", ""))
    if match is None or match[1] not in LIST_VIEWS or match[2] is not None:
        raise _bad_accept("1006", call)
    return f"xed{match[1]}"


def lookup_view(call: Call) -> str:
    """Return the view of a lookup. Refuses an Accept without version (XDM-1007-400), another version (406)."""
    match = _RESOURCE.match(call.incoming.headers.get("accept", ""))
    if match is None or match[1] not in LOOKUP_VIEWS or match[2] is None:
        raise _bad_accept("1007", call)
    if match[2].split(".")[0] != "1":
        raise problem(406, "NotAcceptableError", f"There is no version {match[2]} of the resource.")
    return f"xed{match[1]}"


def descriptor_view(call: Call) -> str:
    """Return `xdm`, `xdm-id`, `xdm-link` or their -v2 forms for a list of descriptors (XDM-1008-400)."""
    match = _DESCRIPTOR.match(call.incoming.headers.get("accept", ""))
    if match is None:
        raise _bad_accept("1008", call)
    return match[1]


def _bad_accept(code: str, call: Call) -> Refusal:
    given = call.incoming.headers.get("accept")
    if given is None:
        return xdm_error(code, "Accept header invalid", "The request has no Accept header.")
    return xdm_error(code, "Accept header invalid", f"The Accept header {dump(given)} is not valid for this request.")
