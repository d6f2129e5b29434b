"""The API gateway in front of every service: token, key, organization, content type, then the sandbox.

Order and bodies: Adobe docs, troubleshooting.md (gateway codes) and flow-service-errors.md (sandbox codes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.directory import LOCAL_TOKEN
from flowctl.emulator.errors import gateway_refusal, problem
from flowctl.emulator.message import Caller
from flowctl.emulator.sandbox_states import ACTIVE, in_present_state

if TYPE_CHECKING:
    from flowctl.emulator.directory import Client, Sandbox
    from flowctl.emulator.message import Incoming
    from flowctl.emulator.platform import Platform
    from flowctl.emulator.routing import Service

METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def admit(incoming: Incoming, service: Service, platform: Platform) -> Caller:
    """Return who asks, in which sandbox. Raises `Refusal` as the gateway and then the service word it."""
    owner = _token_owner(incoming, platform)
    client = _client(incoming, platform)
    org = incoming.headers.get("x-gw-ims-org-id", "")
    if not org:
        raise gateway_refusal(400, "400003", "Missing header")
    tenant = platform.directory.tenant(org)
    if not org.endswith("@AdobeOrg"):
        raise gateway_refusal(403, "403027", "User region is missing")
    if tenant is None or not (owner is None or owner.org == org) or client.org != org:
        raise gateway_refusal(403, "403025", "Profile is not valid")
    _check_content_type(incoming, service)
    permissions = (owner or client).permissions
    user = f"{(owner or client).id}@techacct.adobe.com"
    if not service.needs_sandbox:
        return Caller(client.id, org, tenant, user, permissions)
    it = _sandbox(org, incoming, service, platform)
    return Caller(client.id, org, tenant, user, permissions, it.scope, it.name, it.id, it.body["type"])


def _token_owner(incoming: Incoming, platform: Platform) -> Client | None:
    """Return the client that the token was issued to; None for the local token, which any client may use."""
    scheme, _, token = incoming.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if not scheme or (scheme.lower() == "bearer" and not token):
        raise gateway_refusal(403, "403010", "Oauth token is missing.")
    if scheme.lower() == "bearer":
        if token == LOCAL_TOKEN and incoming.from_loopback:
            return None
        owner_id = platform.directory.token_owner(token, platform.clock.now_ms())
        owner = platform.directory.client(owner_id) if owner_id else None
        if owner is not None:
            return owner
    raise gateway_refusal(401, "401013", "Oauth token is not valid")


def _client(incoming: Incoming, platform: Platform) -> Client:
    key = incoming.headers.get("x-api-key", "")
    if not key:
        raise gateway_refusal(403, "403000", "Api Key is required")
    client = platform.directory.client(key)
    if client is None:
        raise gateway_refusal(403, "403003", "Api Key is invalid")
    return client


def _check_content_type(incoming: Incoming, service: Service) -> None:
    if incoming.method not in METHODS_WITH_BODY or not incoming.body or not service.media_types:
        return
    media_type = incoming.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in service.media_types:
        raise problem(400, "BadRequestError", "A valid content-type must be specified")


def _sandbox(org: str, incoming: Incoming, service: Service, platform: Platform) -> Sandbox:
    name = incoming.headers.get("x-sandbox-name", "")
    if not name:
        raise service.refusals.no_sandbox()
    sandbox = platform.directory.sandbox(org, name)
    if sandbox is not None and sandbox.body["state"] != ACTIVE:
        sandbox = in_present_state(platform, sandbox)
    if sandbox is None or sandbox.body["state"] != ACTIVE:
        raise service.refusals.unknown_sandbox(name)
    return sandbox
