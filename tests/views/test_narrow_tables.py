"""Tables in a terminal that is too narrow for them: cells of words are wrapped, or each row has its own lines."""

import pytest

from flowctl.views.columns import Column, rows_lines, table_lines
from flowctl.views.width import UNWRAPPED, Width

COLUMNS = (
    *(Column("NAME"), Column("READ", right=True), Column("FLOW SPECS", wraps=True)),
    *(Column("EMPTY"), Column("ID"), Column("KEPT", right=True, least=6, kept=True)),
)
ROWS = (
    (("crm-contacts", "1,000", "Cloud Storage to AEP, Stream data", "", "5f0e6a2c", ""), "green"),
    (("crm-orders", "7", "CRM to AEP", "", "77", ""), ""),
)
LIST = (
    ("  bad-file-name", "a file whose name is not one that Experience Platform reads"),
    ("  dup", "a key twice"),
)


def table(width: Width) -> list[str]:
    return [line.text for line in table_lines(COLUMNS, ROWS, width)]


def listing(width: Width) -> list[str]:
    return [line.text for line in rows_lines(LIST, width)]


def at(columns: int) -> Width:
    return Width(columns=columns, wraps=True)


WHOLE = [
    "NAME           READ  FLOW SPECS                         ID          KEPT",
    "crm-contacts  1,000  Cloud Storage to AEP, Stream data  5f0e6a2c",
    "crm-orders        7  CRM to AEP                         77",
]


@pytest.mark.parametrize("width", [UNWRAPPED, Width(columns=40), at(72)], ids=["a pipe", "a narrow pipe", "just wide"])
def test_a_pipe_and_a_terminal_with_room_have_one_line_for_each_row(width: Width) -> None:
    assert table(width) == WHOLE


def test_a_cell_of_words_is_wrapped_inside_its_column() -> None:
    assert table(at(60)) == [
        "NAME           READ  FLOW SPECS               ID        KEPT",
        "crm-contacts  1,000  Cloud Storage to AEP,    5f0e6a2c",
        "                     Stream data",
        "crm-orders        7  CRM to AEP               77",
    ]
    assert table(at(53)) == [
        "NAME           READ  FLOW SPECS        ID        KEPT",
        "crm-contacts  1,000  Cloud Storage to  5f0e6a2c",
        "                     AEP, Stream data",
        "crm-orders        7  CRM to AEP        77",
    ]
    assert table(at(71))[1:] == WHOLE[1:]


def test_the_widest_cells_are_wrapped_first_and_no_word_is_broken() -> None:
    columns = (Column("A", wraps=True), Column("B", wraps=True), Column("C"))
    rows = [(("one two three four five six seven", "an unbreakableword", "id-1"), "")]
    assert [line.text for line in table_lines(columns, rows, at(46))] == [
        "A                     B                   C",
        "one two three four    an unbreakableword  id-1",
        "five six seven",
    ]
    assert [line.text for line in table_lines(columns, rows, at(40))] == [
        "A                 B                 C",
        "one two three     an                id-1",
        "four five six     unbreakableword",
        "seven",
    ]


def test_a_row_without_room_has_lines_of_its_own_with_a_label_for_each_value() -> None:
    assert table(at(48)) == [
        "NAME: crm-contacts  READ: 1,000",
        "  FLOW SPECS: Cloud Storage to AEP, Stream data",
        "  ID: 5f0e6a2c",
        "NAME: crm-orders  READ: 7",
        "  FLOW SPECS: CRM to AEP  ID: 77",
    ]
    assert table(at(46))[1:3] == ["  FLOW SPECS: Cloud Storage to AEP, Stream", "    data"]
    assert table(at(9)) == table(at(40))


def test_the_lines_of_a_row_have_its_style_and_no_heading_if_they_have_labels() -> None:
    assert [line.style for line in table_lines(COLUMNS, ROWS, at(48))] == ["green", "green", "green", "", ""]
    assert [line.style for line in table_lines(COLUMNS, ROWS, at(60))] == ["bold", "green", "green", ""]


def test_a_name_or_an_id_is_never_cut() -> None:
    columns, rows = (Column("NAME"), Column("ID")), [(("n" * 50, "i" * 70), "")]
    lines = [line.text for line in table_lines(columns, rows, at(60))]
    assert lines == [f"NAME: {'n' * 50}", "  ID:", f"    {'i' * 70}"]


def test_a_name_with_spaces_is_not_wrapped() -> None:
    columns, rows = (Column("NAME"), Column("TITLE", wraps=True)), [(("a name with spaces", "title " * 5 + "end"), "")]
    assert [line.text for line in table_lines(columns, rows, at(40))] == [
        "NAME                TITLE",
        "a name with spaces  title title title",
        "                    title title end",
    ]
    columns = (Column("NAME"), Column("SECOND NAME"))
    assert next(line.text for line in table_lines(columns, rows, at(50))).startswith("NAME: a name with spaces")


def test_values_with_labels_fill_their_lines() -> None:
    columns = tuple(map(Column, "ABCDE"))

    def lines(length: int) -> list[str]:
        rows = [(("a" * 35, "b" * length, "c" * 18, "d" * 18, "e"), "")]
        return [line.text for line in table_lines(columns, rows, at(40))]

    assert lines(12) == [
        f"A: {'a' * 35}",
        f"  B: {'b' * 12}  C: {'c' * 18}",
        f"  D: {'d' * 18}  E: e",
    ]
    assert lines(13)[1:3] == [f"  B: {'b' * 13}", f"  C: {'c' * 18}"]


def test_a_terminal_counts_the_columns_that_characters_take() -> None:
    columns = (Column("NAME"), Column("TITLE", wraps=True), Column("NUMBER", right=True))
    rows = [(("顧客の名前顧客の名前", "データの 流れの 名前", "一"), ""), (("ab", "c", "22"), "")]
    assert [line.text for line in table_lines(columns, rows, at(46))] == [
        "NAME                  TITLE             NUMBER",
        "顧客の名前顧客の名前  データの 流れの       一",
        "                      名前",
        "ab                    c                     22",
    ]


@pytest.mark.parametrize("columns", [40, 60])
def test_a_secret_is_masked_before_its_cell_is_wrapped(columns: int) -> None:
    def masked(text: str) -> str:
        return text.replace("Storage to AEP", "***").replace("that Experience", "***")

    width = Width(columns=columns, wraps=True, masked=masked)
    assert [line for line in table(width) if "Storage" in line] == []
    assert [line for line in listing(width) if "Experience" in line] == []


def test_the_end_of_a_listed_row_is_wrapped_beside_its_beginning() -> None:
    assert listing(UNWRAPPED)[0] == "  bad-file-name  a file whose name is not one that Experience Platform reads"
    assert listing(at(45)) == [
        "  bad-file-name  a file whose name is not one",
        "                 that Experience Platform",
        "                 reads",
        "  dup            a key twice",
    ]


def test_the_end_of_a_listed_row_stands_below_if_there_is_no_room_beside() -> None:
    rows = [("  " + "a" * 24, "three words here, and more"), ("  b", "c")]
    assert [line.text for line in rows_lines(rows, at(48))] == [
        f"  {'a' * 24}  three words here,",
        "                            and more",
        f"  b{' ' * 23}  c",
    ]
    assert [line.text for line in rows_lines(rows, at(47))] == [
        f"  {'a' * 24}",
        "      three words here, and more",
        f"  b{' ' * 23}  c",
    ]
    rows = [("schema/crm-contacts", "urn:0123456789-0123456789-0123456789"), ("dataset/a", "01234567890123456789")]
    assert [line.text for line in rows_lines(rows, at(50))] == [
        "schema/crm-contacts",
        "    urn:0123456789-0123456789-0123456789",
        "dataset/a            01234567890123456789",
    ]
