"""Adobe's token service: OAuth server-to-server tokens from `POST /ims/token/v3`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from flowctl.emulator.errors import Refusal
from flowctl.emulator.message import Reply
from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.refusals import GENERIC

if TYPE_CHECKING:
    from flowctl.emulator.message import Call


def issue_token(call: Call) -> Reply:
    """Return `{"access_token", "token_type", "expires_in"}`; the parameters may be in the form or the query.

    Refuses with OAuth errors: 400 on a missing parameter or another grant, 401 on an unknown client or secret.
    """
    form = parse_qs(call.incoming.body.decode("utf-8", "replace"), keep_blank_values=True)
    parameters = {name: values[-1] for name, values in form.items()} | dict(call.incoming.query)
    for name in ("grant_type", "client_id", "client_secret", "scope"):
        if not parameters.get(name):
            raise _oauth_error(400, "invalid_request", f"missing {name} parameter")
    if parameters["grant_type"] != "client_credentials":
        raise _oauth_error(400, "unsupported_grant_type", "unsupported grant_type")
    client = call.platform.directory.client(parameters["client_id"])
    if client is None or client.secret != parameters["client_secret"]:
        raise _oauth_error(401, "invalid_client", "invalid client_id or client_secret parameter")
    seconds = call.platform.settings.tokenSeconds
    token = call.platform.directory.issue_token(client.id, call.now_ms + seconds * 1000)
    return Reply(body={"access_token": token, "token_type": "bearer", "expires_in": seconds})


def _oauth_error(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})


IMS = Service(
    prefix="/ims",
    operations=(Operation("POST", "/token/v3", issue_token),),
    refusals=GENERIC,
    gateway=False,
)
