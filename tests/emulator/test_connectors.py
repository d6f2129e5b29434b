"""Key pairs for encrypted files, and the Data Landing Zone, as the tutorials use them."""

from __future__ import annotations

import pytest

from .conftest import FLOW, code_of

KEYS = "/data/foundation/connectors/encryption/keys"
ZONE = "/data/foundation/connectors/landingzone"
BODY = {"encryptionAlgorithm": "PGP", "params": {"passPhrase": "a passphrase"}}


def test_a_key_pair(client):
    key = client.made(KEYS, BODY, 200)
    assert key.keys() == {"publicKey", "publicKeyId", "expiryTime"}
    now = client.post("/_emulator/clock", json={"advanceSeconds": 0}).json()["now"] // 1000
    assert abs(int(key["expiryTime"]) - now - 180 * 86_400) < 60


@pytest.mark.parametrize(
    "body",
    [[], {}, BODY | {"encryptionAlgorithm": "AES"}, BODY | {"params": {}}, BODY | {"params": {"passPhrase": ""}}],
)
def test_refused_key_pairs(client, body):
    assert client.post(KEYS, json=body).status_code == 400


def test_a_flow_can_be_held_to_keys_that_were_made(client):
    def body(key_id):
        entry = {"name": "Encryption", "params": {"publicKeyId": key_id}}
        parts = client.flow_body()
        return parts | {"transformations": [*parts["transformations"], entry]}

    client.made(f"{FLOW}/flows", body("never-made"))
    client.settings(encryptionKeys="created")
    assert code_of(client.post(f"{FLOW}/flows", json=body("never-made"))) == "CONNECTOR-1312-400"
    client.made(f"{FLOW}/flows", body(client.made(KEYS, BODY, 200)["publicKeyId"]))


def test_the_landing_zone_and_its_credentials(client):
    query = "?type=user_drop_zone"
    assert client.get(ZONE + query).json() == {"containerName": "dlz-user-container", "containerTTL": "7"}
    first = client.get(f"{ZONE}/credentials{query}").json()
    assert first.keys() == {"containerName", "SASToken", "storageAccountName", "SASUri", "expiryDate"}
    assert first["SASUri"].endswith(f"{first['containerName']}?{first['SASToken']}")
    assert client.get(f"{ZONE}/credentials{query}").json() == first
    second = client.post(f"{ZONE}/credentials{query}&action=refresh").json()
    assert second["SASToken"] != first["SASToken"]
    assert client.get(f"{ZONE}/credentials{query}").json() == second
    client.post("/_emulator/clock", json={"advanceSeconds": 90 * 86_400})
    assert client.get(f"{ZONE}/credentials{query}").json() == second
    client.post("/_emulator/clock", json={"advanceSeconds": 86_400})
    assert client.get(f"{ZONE}/credentials{query}").json()["expiryDate"] > second["expiryDate"]


def test_refused_requests_for_the_landing_zone(client):
    assert client.get(ZONE).status_code == client.get(f"{ZONE}/credentials").status_code == 400
    assert client.post(f"{ZONE}/credentials?type=user_drop_zone").status_code == 400
