"""Identity Service: namespaces are created and changed; codes are unique, code and type are fixed."""

import pytest

from flowctl.emulator.services.identity import B2B_TYPES

NAMESPACES = "/data/core/idnamespace/identities"
LOYALTY = {"name": "Loyalty", "code": "Loyalty", "idType": "Cross_device", "description": "Members"}


def test_a_namespace_is_created_read_and_replaced(client):
    made = client.made(NAMESPACES, LOYALTY, 200)
    assert made["custom"] is True
    assert client.get(f"{NAMESPACES}/{made['id']}").json() == made
    changed = client.put(f"{NAMESPACES}/{made['id']}", json={**LOYALTY, "name": "Members"})
    assert (changed.status_code, [each["name"] for each in changed.json()]) == (200, ["Members"])
    spelled = client.put(f"{NAMESPACES}/{made['id']}", json={**LOYALTY, "name": "Members", "idType": "CROSS_DEVICE"})
    assert spelled.json()[0]["idType"] == "Cross_device"
    assert spelled.json() == [each for each in client.get(NAMESPACES).json() if each["custom"]]


def test_the_standard_namespaces_have_the_numbers_of_the_guide(client):
    found = {each["code"]: each["id"] for each in client.get(NAMESPACES).json()}
    assert (found["ECID"], found["Email"], found["Phone"]) == (4, 6, 7)
    assert client.get(f"{NAMESPACES}/6").json()["code"] == "Email"
    assert client.put(f"{NAMESPACES}/6", json={**LOYALTY, "code": "Email", "idType": "Email"}).status_code == 400


@pytest.mark.parametrize("code", ["Loyalty", "LOYALTY", "email", "EMAIL"])
def test_a_code_that_exists_is_a_conflict(client, code):
    client.made(NAMESPACES, LOYALTY, 200)
    refused = client.post(NAMESPACES, json={**LOYALTY, "code": code})
    assert (refused.status_code, refused.json()["report"]["code"]) == (409, "INTEGRATION_CODE_EXISTS")


@pytest.mark.parametrize("type_", B2B_TYPES)
def test_namespaces_for_b2b_have_underscores_and_types_of_their_own(client, type_):
    made = client.post(NAMESPACES, json={**LOYALTY, "code": type_.lower(), "idType": type_})
    assert (made.status_code, made.json()["code"], made.json()["idType"]) == (200, type_.lower(), type_)


@pytest.mark.parametrize("change", [{"code": "Other"}, {"idType": "Email"}])
def test_code_and_type_are_fixed(client, change):
    made = client.made(NAMESPACES, LOYALTY, 200)
    refused = client.put(f"{NAMESPACES}/{made['id']}", json=LOYALTY | change)
    assert (refused.status_code, refused.json()["description"]) == (400, "code and idType are non editable fields")


@pytest.mark.parametrize(
    "change",
    [{"code": "with blank"}, {"code": "dash-ed"}, {"code": ""}, {"idType": "People"}, {"name": ""}, {"name": None}],
)
def test_what_is_not_a_namespace_is_refused(client, change):
    assert client.post(NAMESPACES, json=LOYALTY | change).status_code == 400


def test_nothing_is_deleted_and_what_is_unknown_is_not_found(client):
    made = client.made(NAMESPACES, LOYALTY, 200)
    assert client.delete(f"{NAMESPACES}/{made['id']}").status_code == 405
    assert client.get(f"{NAMESPACES}/12345").status_code == 404


def test_sandboxes_have_namespaces_of_their_own(client):
    client.made(NAMESPACES, LOYALTY, 200)
    prod = client.get(NAMESPACES, headers={"x-sandbox-name": "prod"}).json()
    assert {each["custom"] for each in prod} == {False}
