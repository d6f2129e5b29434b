"""Calls that nobody sent: what the platform does by itself, in the name of its scheduler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

from flowctl.emulator.directory import ALL_PERMISSIONS
from flowctl.emulator.message import Call, Caller, Incoming
from flowctl.emulator.request_headers import RequestHeaders

if TYPE_CHECKING:
    from flowctl.emulator.directory import Sandbox
    from flowctl.emulator.platform import Platform

_NOTHING = Incoming("POST", "/", "", QueryParams(""), RequestHeaders(), b"", "127.0.0.1", "")


def scheduler_call(platform: Platform, sandbox: Sandbox, incoming: Incoming = _NOTHING) -> Call:
    """Return a call in a sandbox; its caller may do everything."""
    tenant = platform.directory.tenant(sandbox.org) or ""
    permissions = frozenset(ALL_PERMISSIONS)
    caller = Caller("scheduler", sandbox.org, tenant, "scheduler", permissions, sandbox.scope, sandbox.name, sandbox.id)
    return Call(incoming, {}, caller, platform)
