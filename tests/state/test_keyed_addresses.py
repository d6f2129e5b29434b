"""Addresses with a key: recorded in version 2, refused in version 1, accepted wherever an address is named."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator
from record_files import HEAD, JOURNAL, LOCK, contents, ledger, lockfile, write, write_journal
from surroundings import SCHEMAS, Workspace

from flowctl.cli.completing import recorded_or_documents
from flowctl.model.address import Address
from flowctl.model.errors import StateError

KEYED = "shopify.connection[_acme.crm.id]"
ID = "26e5014b-0822-4c32-8ff4-2a91e1e6a87a"
ENTRY = {"kind": "connection", "id": ID}


def _intent(address: str, **entry: Any) -> dict[str, Any]:
    kind = Address(address).kind
    entry = {"kind": kind, "id": ID, **entry}
    return {"nonce": "0" * 32, "address": address, "operation": "update", "at": 1, "entry": entry}


HOLD_A_KEY = {
    "an entry": {"entries": {KEYED: ENTRY}},
    "what an entry depends on": {"entries": {"a.flow": {"kind": "flow", "id": ID, "dependsOn": [KEYED]}}},
    "a pending write": {"entries": {}, "pending": [_intent(KEYED)]},
    "what a pending write depends on": {"entries": {}, "pending": [_intent("a.flow", dependsOn=[KEYED])]},
}
each_place = pytest.mark.parametrize("members", HOLD_A_KEY.values(), ids=HOLD_A_KEY)


def _fits_the_schema(document: dict[str, Any]) -> bool:
    schema = json.loads((SCHEMAS / "lockfile.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema).is_valid(document)


@each_place
def test_version_2_may_hold_a_key(tmp_path: Path, members: dict[str, Any]) -> None:
    document = lockfile(2, **members)
    write(tmp_path, document)
    record = ledger(tmp_path).lockfile
    assert KEYED in str([*record.entries.items(), *record.pending])
    assert _fits_the_schema(document)


@each_place
def test_version_1_holds_no_key(tmp_path: Path, members: dict[str, Any]) -> None:
    document = lockfile(1, **members)
    write(tmp_path, document)
    with pytest.raises(StateError) as caught:
        ledger(tmp_path)
    (problem,) = caught.value.diagnostics
    assert problem.code == "lockfile-unreadable"
    assert "NAME.KIND[KEY]" not in problem.summary
    assert not _fits_the_schema(document)


@pytest.mark.parametrize("address", ["a.flow[]", "a.flow[x]]", "a.flow[ x]", "a.flow[\n]", "a.flow[x", "A.flow[x]"])
def test_a_malformed_key_is_refused_in_words(tmp_path: Path, address: str) -> None:
    document = lockfile(2, {address: {"kind": "flow", "id": ID}})
    write(tmp_path, document)
    with pytest.raises(StateError, match=r"must be an address, NAME\.KIND or NAME\.KIND\[KEY\]"):
        ledger(tmp_path)
    assert not _fits_the_schema(document)


def test_a_keyed_entry_has_the_kind_of_its_address(tmp_path: Path) -> None:
    write(tmp_path, lockfile(2, {"a.flow[connection]": ENTRY}))
    with pytest.raises(StateError, match="with the kind of its entry"):
        ledger(tmp_path)


@pytest.mark.parametrize("version", [0, -1, 3, 99, True, "2", None, 2.0])
def test_only_versions_1_and_2_are_read(tmp_path: Path, version: Any) -> None:
    document = lockfile(version, {"a.flow": {"kind": "flow", "id": ID}})
    write(tmp_path, document)
    with pytest.raises(StateError) as caught:
        ledger(tmp_path)
    (problem,) = caught.value.diagnostics
    is_newer = type(version) is int and version > 2
    assert problem.code == ("lockfile-newer" if is_newer else "lockfile-unreadable")
    assert ("versions up to 2" in problem.detail) is is_newer
    assert problem.hint


BEGIN = {"event": "begin", **HEAD, "serial": 0}
KEYED_EVENTS: list[dict[str, Any]] = [
    {"event": "intent", **_intent(KEYED)},
    {"event": "entry", "address": KEYED, "entry": ENTRY},
    {"event": "entry", "address": "a.connection", "entry": ENTRY, "from": KEYED},
    {"event": "gone", "address": KEYED},
    {"event": "buried", "address": KEYED, "id": ID},
]
each_event = pytest.mark.parametrize("event", KEYED_EVENTS, ids=["intent", "entry", "from", "gone", "buried"])


@each_event
def test_a_journal_of_version_2_may_hold_a_key(tmp_path: Path, event: dict[str, Any]) -> None:
    write_journal(tmp_path, {**BEGIN, "version": 2}, event)
    ledger(tmp_path)


@each_event
@pytest.mark.parametrize("version", [{}, {"version": 0}, {"version": 1}], ids=["no version", "0", "1"])
def test_an_older_journal_holds_no_key(tmp_path: Path, version: dict[str, int], event: dict[str, Any]) -> None:
    write_journal(tmp_path, {**BEGIN, **version}, event)
    with pytest.raises(StateError, match=rf"{JOURNAL} is damaged at line 2: .*must be an address, NAME\.KIND$"):
        ledger(tmp_path)


def test_each_run_in_a_journal_is_read_in_its_own_version(tmp_path: Path) -> None:
    """A run of this release goes on with the journal that an older release left."""
    old = {"event": "entry", "address": "a.connection", "entry": ENTRY}
    new = {"event": "entry", "address": KEYED, "entry": {**ENTRY, "id": ID.replace("2", "3")}}
    write_journal(tmp_path, BEGIN, old, {**BEGIN, "version": 2}, new)
    assert sorted(ledger(tmp_path).lockfile.entries) == ["a.connection", KEYED]
    write_journal(tmp_path, {**BEGIN, "version": 2}, new, BEGIN, new)
    with pytest.raises(StateError, match="damaged at line 4"):
        ledger(tmp_path)


def test_what_a_ledger_writes_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, lockfile(1, {"a.connection": ENTRY}))
    writing = ledger(tmp_path)
    entry = writing.lockfile.entries[Address("a.connection")]
    writing.rename(Address("a.connection"), Address(KEYED), entry)
    assert '"version": 2' in (tmp_path / JOURNAL).read_text(encoding="utf-8")
    assert list(ledger(tmp_path).lockfile.entries) == [KEYED]
    writing.compact()
    assert list(ledger(tmp_path).lockfile.entries) == [KEYED]


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    """The examples applied, and one object recorded a second time under a keyed address."""
    examples.begin_applied()
    document = examples.lockfile
    document["entries"][KEYED] = {**document["entries"]["shopify.connection"], "id": ID}
    write(examples.root, document)
    return examples


def test_state_commands_take_a_keyed_address(applied: Workspace) -> None:
    assert KEYED in applied.run("state", "list", "--format", "json").json["entries"]
    assert applied.run("state", "show", KEYED, "--format", "json").json["address"] == KEYED
    other = "shopify.connection[/other:1]"
    assert applied.run("state", "mv", KEYED, other).code == 0
    assert applied.run("state", "rm", other, "--auto-approve").code == 0
    assert other not in applied.lockfile["entries"]


def test_a_document_moves_with_its_keys(applied: Workspace) -> None:
    moved = applied.run("state", "mv", "shopify", "shop", "--format", "json").json["moved"]
    assert {move["to"] for move in moved} == {"shop.connection", "shop.connection[_acme.crm.id]"}


@pytest.mark.parametrize(
    ("new", "code", "words"),
    [
        ("shopify.connection[a]b]", "invalid-name", "A key has no square brackets"),
        ("Shop.connection[a]", "invalid-name", "Correct the name or the key"),
        ("shopify.connection", "kind-differs", "must end with `.connection[KEY]`"),
        ("shopify.schema[a]", "kind-differs", "must end with `.connection[KEY]`"),
        (KEYED, "address-taken", "Choose another"),
    ],
)
def test_a_move_keeps_kind_and_form(applied: Workspace, new: str, code: str, words: str) -> None:
    if new == "shopify.connection":
        assert applied.run("state", "rm", new, "--auto-approve").code == 0
    before = contents(applied.root)
    ended = applied.run("state", "mv", KEYED, new)
    assert ended.code == 1
    assert code in ended.err
    assert words in ended.err
    assert contents(applied.root)[LOCK] == before[LOCK]


def test_what_has_no_key_gets_none_by_a_move(applied: Workspace) -> None:
    ended = applied.run("state", "mv", "hubspot.connection", "hubspot.connection[a]")
    assert "kind-differs" in ended.err
    assert "must end with `.connection`.\n" in ended.err


def test_a_target_is_a_keyed_address_or_the_name_before_it(applied: Workspace) -> None:
    assert applied.plan("--target", KEYED).actions() == {KEYED: "delete"}
    assert applied.plan("--target", "shopify").actions() == {KEYED: "delete"}
    assert applied.plan("--target", "shopify.connection").actions() == {}
    assert f"- {KEYED} will be deleted" in applied.run("plan", "--target", KEYED).out
    missing = applied.run("plan", "--target", KEYED.replace("crm", "cmr"))
    assert f"Did you mean `{KEYED}`?" in missing.err


def test_repair_takes_a_keyed_address(applied: Workspace) -> None:
    ended = applied.run("state", "repair", "--auto-approve", "a.descriptor[x=y]=7")
    assert "unknown-target" in ended.err
    assert "no manifest describes `a.descriptor[x=y]`" in ended.err


def test_completion_offers_the_name_before_a_key(applied: Workspace) -> None:
    context = click.Context(click.Command("mv"))
    context.params["directory"] = str(applied.root)
    document = applied.lockfile
    document["entries"]["only.connection[a.b]"] = {"kind": "connection", "id": ID.replace("2", "4")}
    write(applied.root, document)
    offered = [item.value for item in recorded_or_documents(context, click.Argument(["old"]), "only")]
    assert offered == ["only"], "a shell would read brackets as a pattern, so what has some is not offered"


def test_an_unknown_kind_with_a_key_is_refused(applied: Workspace) -> None:
    document = applied.lockfile
    document["entries"]["crm-contact.relation[_acme.crm.id]"] = {"kind": "relation", "id": "7"}
    write(applied.root, document)
    ended = applied.run("plan")
    assert ended.code == 1
    assert "lockfile-unreadable" in ended.err
    assert "unknown kind `relation`: `crm-contact.relation[_acme.crm.id]`" in ended.err
    assert "Install a newer release" in ended.err
