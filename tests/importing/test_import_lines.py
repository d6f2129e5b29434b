"""The lines of Import documents: which objects they let a plan record, and what is wrong with the others."""

from collections.abc import Mapping

import pytest

from flowctl.manifest.document import Document
from flowctl.manifest.reading.in_memory import beside
from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.moves import Rename
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.operations.imports import Named, import_documents, named_ids, renamed, replaced, to_record

A, B, C, D = (Address(f"{name}.connection") for name in "abcd")
IDS = {address: f"{number}1111111-1111-4111-8111-111111111111" for number, address in enumerate((A, B, C, D), 1)}


def _documents(*addresses: Address, environment: str = "dev", file: str = "dev.yaml") -> list[Document]:
    lines = "".join(f"  {address}: {IDS[address]}\n" for address in addresses)
    text = f"apiVersion: flowctl/v1\nkind: Import\nmetadata: {{name: {environment}}}\nenvironment: {environment}\n"
    documents, _ = beside([], {file: f"{text}objects:\n{lines}" if lines else f"{text}objects: {{}}\n"})
    return documents


def _named(*addresses: Address) -> dict[Address, Named]:
    return named_ids(_documents(*addresses), "dev")


def _resources(*addresses: Address) -> dict[Address, Resource]:
    return {address: Resource(address=address, attributes={}) for address in addresses}


def _told(problems: list[Diagnostic]) -> list[tuple[str, int]]:
    return [(problem.code, problem.span.line) for problem in problems if problem.span is not None]


def test_only_documents_of_the_environment_count() -> None:
    documents = [*_documents(A), *_documents(B, environment="prod", file="prod.yaml")]
    assert [document.name for document in import_documents(documents, "prod")] == ["prod"]
    assert {address: line.id for address, line in named_ids(documents, "dev").items()} == {A: IDS[A]}
    assert named_ids(_documents(), "dev") == {}


@pytest.mark.parametrize(
    ("desired", "found"),
    [((), B), ((B,), B), ((A,), A), ((A, B), A)],
)
def test_a_line_follows_a_rename_unless_its_address_is_described(desired: tuple[Address, ...], found: Address) -> None:
    span = SourceSpan(file="flowctl.yaml", line=1, column=1)
    lines = renamed(_named(A, C), [Rename(old="a", new="b", span=span)], desired)
    assert {address: line.address for address, line in lines.items()} == {found: found, C: C}
    assert {address: line.id for address, line in lines.items()} == {found: IDS[A], C: IDS[C]}


def _to_record(
    named: Mapping[Address, Named],
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry] | None = None,
    wanted: Mapping[Address, Resource] | None = None,
) -> tuple[list[Address], list[tuple[str, int]]]:
    left, problems = to_record(named, desired, desired if wanted is None else wanted, entries or {})
    return list(left), _told(problems)


def _entry(object_id: str, *deposed: str) -> LockEntry:
    return LockEntry(kind="connection", id=object_id, deposed=deposed)


def test_what_is_described_and_not_recorded_is_to_be_recorded() -> None:
    assert _to_record(_named(A, B), _resources(A, B)) == ([A, B], [])
    assert _to_record(_named(A, B), _resources(A, B), wanted=_resources(B)) == ([B], [])


def test_what_is_recorded_is_done_and_hides_no_other_line() -> None:
    assert _to_record(_named(A, B), _resources(A, B), {A: _entry(IDS[A])}) == ([B], [])


def test_what_another_address_has_is_an_error() -> None:
    desired = _resources(A, B, C, D)
    entries = {D: _entry(IDS[A], IDS[B])}
    assert _to_record(_named(A, B, C), desired, entries) == ([C], [("address-taken", 6), ("address-taken", 7)])


def test_what_another_address_has_is_an_error_though_the_address_is_recorded() -> None:
    entries = {A: _entry(IDS[D], IDS[A]), B: _entry(IDS[C]), C: _entry(IDS[B])}
    assert _to_record(_named(A, B, D), _resources(A, B, C, D), entries) == (
        [],
        [("address-taken", 7), ("address-taken", 8)],
    )


def test_what_no_manifest_describes_is_an_error() -> None:
    assert _to_record(_named(A, B), _resources(B)) == ([B], [("unknown-target", 6)])


def test_a_problem_stands_at_the_address_of_its_line() -> None:
    _, (problem,) = to_record(_named(A, B), _resources(B), _resources(B), {})
    assert problem.span is not None
    assert (problem.span.file, problem.span.line, problem.span.column) == ("dev.yaml", 6, 3)


def _change(address: Address, *because_of: Address, action: Action = Action.REPLACE) -> Change:
    places = (
        AttributeChange(steps=("kept",), before=1, after=2),
        AttributeChange(steps=("spec",), before=1, after=2, forces_replacement=True),
    )
    return Change(address=address, action=action, reason=Reason.ADOPTED, attributes=places, because_of=because_of)


def test_each_line_whose_object_would_be_replaced_is_an_error() -> None:
    changes = [_change(D), _change(A), _change(B, action=Action.IMPORT), _change(C)]
    problems = list(replaced(changes, _named(A, B, C)))
    assert _told(problems) == [("import-differs", 6), ("import-differs", 8)]
    assert problems[0].summary == f"`{A}` differs from {IDS[A]} in what cannot be updated in place"
    assert problems[0].detail == "Different: `spec`."


def test_of_what_follows_from_another_line_the_cause_is_told() -> None:
    assert _told(list(replaced([_change(A, B), _change(B), _change(C, B)], _named(A, B, C)))) == [("import-differs", 7)]


def test_a_cause_without_a_line_is_named() -> None:
    (problem,) = replaced([_change(A, B, D)], _named(A))
    assert problem.detail.startswith(f"It uses `{B}` and `{D}`, which would be created")
    (problem,) = replaced([_change(A, B)], _named(A, B))
    assert problem.detail.startswith(f"It uses `{B}`, which would be created")
