"""A table of the page; on a phone each row is a card, and each cell says what it is."""

from collections.abc import Iterator, Sequence

from flowctl.views.markup import escaped


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, with a heading if it has a title; none without rows.

    A column without a name holds signs.
    """
    if not rows:
        return
    heads = "".join(f'<th scope="col">{escaped(column)}</th>' for column in columns)
    heading = f"<h3>{escaped(title)}</h3>" if title else ""
    yield f"{heading}<table><thead><tr>{heads}</tr></thead><tbody>"
    for row in rows:
        cells = "".join(_cell(column, text) for column, text in zip(columns, row, strict=True))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table>"


def _cell(column: str, text: str) -> str:
    if not column:
        return f'<td class="sign">{escaped(text)}</td>'
    shown = f"<code>{escaped(text)}</code>" if text else ""
    return f'<td data-name="{escaped(column)}">{shown}</td>'
