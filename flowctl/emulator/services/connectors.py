"""Connectors: key pairs for encrypted files, and the Data Landing Zone with its credentials.

Shape: Adobe docs, sources/tutorials/api/encrypt-data.md and create/cloud-storage/data-landing-zone.md. Keys and tokens
open nothing: they are made up, and no passphrase is stored.
"""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flowctl.emulator.identifiers import new_uuid
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.refusals import GENERIC, bad_request

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

KEY, LANDING_ZONE = "encryptionKey", "landingZone"
ALGORITHMS = ("PGP", "GPG")
CONTAINER = "dlz-user-container"
ZONE_TYPE = "user_drop_zone"
KEY_DAYS, TOKEN_DAYS, DATA_DAYS = 180, 90, "7"


def create_key(call: Call) -> Reply:
    """Create a key pair from `{"encryptionAlgorithm", "params": {"passPhrase"}}`. The key expires after 180 days."""
    body = parse(call.incoming.body)
    params = body.get("params") if isinstance(body, dict) else None
    if not isinstance(body, dict) or body.get("encryptionAlgorithm") not in ALGORITHMS:
        raise bad_request(f"The encryptionAlgorithm is one of {', '.join(ALGORITHMS)}.")
    if not isinstance(params, dict) or not isinstance(params.get("passPhrase"), str) or not params["passPhrase"]:
        raise bad_request("The params need a passPhrase that is not empty.")
    id_, now = new_uuid(), call.now_ms
    key = {
        "publicKey": base64.b64encode(f"made up by the emulator {secrets.token_hex(64)}".encode()).decode("ascii"),
        "publicKeyId": id_,
        "expiryTime": str(now // 1000 + KEY_DAYS * 86_400),
    }
    call.platform.objects.insert(call.caller.scope, KEY, id_, key, etag="", created=now, name="")
    return Reply(body=key)


def read_landing_zone(call: Call) -> Reply:
    """Return the name of the container, and for how many days files stay in it."""
    _check_type(call)
    return Reply(body={"containerName": CONTAINER, "containerTTL": DATA_DAYS})


def read_credentials(call: Call) -> Reply:
    """Return the credentials of the container; they are made when they are first read, and when they have expired."""
    _check_type(call)
    stored = call.platform.objects.get(call.caller.scope, LANDING_ZONE, CONTAINER)
    if stored is not None and stored.value()["expiryDate"] >= _day(call, 0):
        return Reply(body=stored.value())
    return Reply(body=_renew(call))


def refresh_credentials(call: Call) -> Reply:
    """Replace the credentials; the query has `action=refresh`."""
    _check_type(call)
    if call.incoming.query.get("action") != "refresh":
        raise bad_request("The query parameter action is refresh.")
    return Reply(body=_renew(call))


def _check_type(call: Call) -> None:
    if call.incoming.query.get("type") != ZONE_TYPE:
        raise bad_request(f"The query parameter type is {ZONE_TYPE}.")


def _day(call: Call, days: int) -> str:
    return (datetime.fromtimestamp(call.now_ms / 1000, UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def _renew(call: Call) -> dict[str, Any]:
    account = f"dlblobstore{call.caller.sandbox_id.replace('-', '')[:13]}"
    token = urlencode({"sv": "2020-04-08", "si": f"dlz-{new_uuid()}", "sr": "c", "sp": "racwdlm"})
    token += "&" + urlencode({"sig": base64.b64encode(secrets.token_bytes(32)).decode("ascii")})
    credentials = {
        "containerName": CONTAINER,
        "SASToken": token,
        "storageAccountName": account,
        "SASUri": f"https://{account}.blob.core.windows.net/{CONTAINER}?{token}",
        "expiryDate": _day(call, TOKEN_DAYS),
    }
    objects, scope = call.platform.objects, call.caller.scope
    with call.platform.database.writing():
        objects.delete(scope, LANDING_ZONE, CONTAINER)
        objects.insert(scope, LANDING_ZONE, CONTAINER, credentials, etag="", created=call.now_ms, name="")
    return credentials


CONNECTORS = Service(
    prefix="/data/foundation/connectors",
    operations=(
        Operation("POST", "/encryption/keys", create_key),
        Operation("GET", "/landingzone", read_landing_zone),
        Operation("GET", "/landingzone/credentials", read_credentials),
        Operation("POST", "/landingzone/credentials", refresh_credentials),
    ),
    refusals=GENERIC,
)
