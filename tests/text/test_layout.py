"""The form of YAML: one form for what is written in many, and nothing else changes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from surroundings import EXAMPLES

from flowctl.text.composing import read_composed
from flowctl.text.layout.formatted import NotInForm, formatted
from flowctl.text.source import TextProblem
from flowctl.text.substitution import expander

UNEVEN = """\


   # about the file
kind:   Pipeline
metadata: {name : a, "labels":{ team: b }}
spec:
      source:
         connection: shop
         params:
             tableName:	orders
      mappings:
      - {source: a, destination: b }   # one
      # - {source: x, destination: y}
      -   source: c          # two
          destination: d     # three
                             # goes on
          # about the item
      # about the list


      - - x
        -    "y
              z"
      schedule: [ daily
                , weekly,
                  monthly ]
      hours: [
            1,   # one
         # two
               2
           ]
      # about the spec
text:   |2
      kept
    as it is   \n
more: >  # folded
             a
               b\n
   # about text
end: &last !!str  x
...
# the second document
---
- *last
-    ? complex
     : value
"""
EVEN = """\
# about the file
kind: Pipeline
metadata: {name: a, "labels": {team: b}}
spec:
  source:
    connection: shop
    params:
      tableName: orders
  mappings:
    - {source: a, destination: b}   # one
    # - {source: x, destination: y}
    - source: c          # two
      destination: d     # three
                         # goes on
      # about the item
    # about the list

    - - x
      - "y
         z"
  schedule: [daily
             , weekly,
             monthly]
  hours: [
    1,   # one
    # two
    2
  ]
  # about the spec
text: |2
      kept
    as it is   \n
more: >  # folded
  a
    b

# about text
end: &last !!str x
...
# the second document
---
- *last
- ? complex
  : value
"""


def _formatted(text: str) -> str:
    found = formatted(text)
    assert isinstance(found, str), found
    return found


def _values(text: str) -> list[Any]:
    return [built.value for built in read_composed(text, expander({}, {})).documents]


def test_uneven_text_gets_the_one_form() -> None:
    assert _formatted(UNEVEN) == EVEN


def test_text_in_form_stays() -> None:
    assert _formatted(EVEN) == EVEN


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.name)
def test_the_examples_are_in_form(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert _formatted(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\n\n", ""),
        ("# only\n  # comments", "# only\n# comments\n"),
        ("a: 1", "a: 1\n"),
        ("a:   1\r\nb:\r\n- 2\r\n", "a: 1\r\nb:\r\n  - 2\r\n"),
        ("a: |\n    no line end", "a: |\n  no line end"),
        ("a: |-\n    no line end", "a: |-\n  no line end\n"),
        ("a: |+\n    kept\n\n\n", "a: |+\n  kept\n\n\n"),
        ("a: |\n    clipped\n\n\n\nb: 1\n", "a: |\n  clipped\n\nb: 1\n"),
        ('a: "x"#c\n', None),
        ("a: [x, y]\n  # deep\n", "a: [x, y]\n# deep\n"),
        ("a:\n- b\n  # deep\nc: 1\n", "a:\n  - b\n  # deep\nc: 1\n"),
        ("a:\n  b: 1\n  # c: 2\n# d\ne: 1\n", "a:\n  b: 1\n  # c: 2\n# d\ne: 1\n"),
        ("a: {b:, c: }\n", None),
        ("a: 'it''s\n\n   two'\n", "a: 'it''s\n\n   two'\n"),
        ('a:    "x \\\n       y  \n  z"\n', 'a: "x \\\n    y\n  z"\n'),
        ("--- # begin\na: 1\n--- |\n text\n", "--- # begin\na: 1\n--- |\n text\n"),
        ("  a: 1\n  b: 2\n", "a: 1\nb: 2\n"),
        ("a:  *x\n", "a: *x\n"),
    ],
)
def test_each_form_of_text(text: str, expected: str | None) -> None:
    try:
        found = formatted(text)
    except NotInForm:
        found = None
    assert expected is None or found == expected


EVERYWHERE = """\
# before all

# before a key
a:   &all  # behind an anchor
    # before a member
    b:  1   # behind a value
    # behind the last member
c:    *all   # behind an alias
d:  # behind a key
- x   # behind an item

# between items, after a blank line
-   # behind a dash
    e:  |-  # behind a header
      # not a comment
      text  # neither
    # in a list
f:  [1,   # behind a comma
  2  # behind the last
  ]   # behind a bracket
g:  "# quoted"  # behind quotes
<<:  *all # behind a merge
# after all
---   # behind a start
h:  !!str  1 # behind a tag
...
# at the end
"""


def test_comments_in_every_place_are_kept_and_a_second_time_changes_nothing() -> None:
    found = _formatted(EVERYWHERE)
    assert [re.findall("#.*", line) for line in found.splitlines() if "#" in line] == [
        re.findall("#.*", line) for line in EVERYWHERE.splitlines() if "#" in line
    ]
    assert found != EVERYWHERE
    _holds(EVERYWHERE, found)


def test_what_is_not_yaml_is_a_problem_with_a_place() -> None:
    found = formatted("a: 1\n b: 2\n")
    assert isinstance(found, TextProblem)
    assert (found.code, found.line) == ("yaml-syntax", 2)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_line_separators_that_editors_do_not_show_are_left_alone(separator: str) -> None:
    with pytest.raises(NotInForm):
        formatted(f"a: 1 # one{separator}b:  2\n")


# Texts of uneven form: blocks with an indentation of their own, comments anywhere.

_WORDS = st.sampled_from(
    ["a", "b1", '"q: #"', "'it''s'", "${var.x}", "x y", "12", "~", "ü😀", "a#b", "-1", '"\\"\\\\"']
)
_KEYS = st.sampled_from(["k", "name", '"quoted"', "long_key", "ü"])
_GAPS = st.sampled_from([" ", "  ", "    ", "\t"])
_COMMENTS = st.sampled_from(["#", "# c", "#  - d: 1 ", "## - x", "# a: {b", "#\t|"])
_Lines = list[str]


@st.composite
def _flow(draw: st.DrawFn, depth: int = 0) -> str:
    """Brackets in one line or in several."""
    several_lines = ["", " ", "  ", "\n      ", " # c\n        ", "\n\n   "]
    between = st.sampled_from(several_lines if draw(st.booleans()) else ["", " "])

    def space() -> str:
        return draw(between)

    items = []
    is_map = draw(st.booleans())
    for number in range(draw(st.integers(0, 3))):
        value = draw(_flow(depth + 1)) if depth < 2 and draw(st.integers(0, 3)) == 0 else draw(_WORDS)
        key = f"k{number}{draw(st.sampled_from(['', ' ']))}: {draw(st.sampled_from(['', ' ']))}" if is_map else ""
        items.append(f"{space()}{key}{value}{space()}")
    # An empty member is an error, and a comment needs a blank before it.
    return ("{%s}" if is_map else "[%s]") % (",".join(items) + ("," if items and draw(st.booleans()) else "") + space())


@st.composite
def _scalar(draw: st.DrawFn) -> _Lines:
    """The rest of a line behind `:` or `-`, and lines that follow, relative to the collection."""
    match draw(st.integers(0, 7)):
        case 0:
            deep = " " * draw(st.integers(1, 5))
            header = draw(st.sampled_from(["|", ">", "|-", "|+", ">-", "|  # c"]))
            body = draw(
                st.lists(st.sampled_from(["text", "  more", "# not a comment", "", "a: b ", "- c"]), max_size=5)
            )
            return [header, deep + "first", *(deep + line if line else "" for line in body)]
        case 1:
            deep = " " * draw(st.integers(1, 7))
            return draw(
                st.sampled_from(
                    [
                        ["plain", f"{deep}goes on", "", f"{deep}and on"],
                        ['"double \\', f"{deep}\\  quoted  ", f'{deep}"'],
                        ["'single", "", f"{deep}quoted'"],
                    ]
                )
            )
        case 2:
            return draw(_flow()).split("\n")
        case 3:
            return [f"&anchor{draw(_GAPS).replace(chr(9), ' ')}{draw(_WORDS)}"]
        case _:
            return [draw(_WORDS) + (draw(_GAPS) + draw(_COMMENTS) if draw(st.integers(0, 3)) == 0 else "")]


@st.composite
def _block(draw: st.DrawFn, depth: int = 0) -> _Lines:
    """A mapping or a list of some indentation, relative to its own column."""
    lines: _Lines = []
    is_list = draw(st.booleans())
    for number in range(draw(st.integers(1, 3))):
        if draw(st.integers(0, 3)) == 0:
            lines += draw(st.lists(st.one_of(st.just(""), _COMMENTS, st.just("     # deep")), max_size=3))
        head = "-" if is_list else f"{draw(_KEYS)}{number}{draw(st.sampled_from(['', '', ' ']))}:"
        head = head.replace('"1', '1"').replace('"0', '0"').replace('"2', '2"')
        if depth < 3 and draw(st.booleans()):
            lines += _nested(draw, head, is_list=is_list, inner=draw(_block(depth + 1)))
        else:
            first, *others = draw(_scalar())
            lines.append(f"{head}{draw(_GAPS)}{first}" if first else head)
            lines += [f"{line}" if not line else f" {line}" for line in others]
    return lines


def _nested(draw: st.DrawFn, head: str, *, is_list: bool, inner: _Lines) -> _Lines:
    is_inner_list = next(line for line in inner if line and not line.lstrip().startswith("#")).startswith("-")
    if is_list and not inner[0].lstrip().startswith("#") and inner[0] and draw(st.booleans()):
        gap = " " * draw(st.integers(1, 4))
        return [f"-{gap}{inner[0]}", *(f" {gap}{line}" if line else "" for line in inner[1:])]
    shift = " " * draw(st.integers(0 if is_inner_list and not is_list else 1, 5))
    note = draw(st.sampled_from(["", "", "  # why", " # w"]))
    return [f"{head}{note}", *(shift + line if line else "" for line in inner)]


@st.composite
def _texts(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        shift = " " * draw(st.sampled_from([0, 0, 2, 3]))
        parts.append("\n".join(shift + line if line else "" for line in draw(_block())))
    end = draw(st.sampled_from(["", "\n", "\n\n\n", "\n# end\n", "\n  # end"]))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    between = draw(st.sampled_from(["\n---\n", "\n# next\n---  # begin\n\n\n", "\n...\n---\n"]))
    return (between.join(parts) + end).replace("\n", newline)


def _is_yaml(text: str) -> bool:
    return not any(problem.code == "yaml-syntax" for problem in read_composed(text, expander({}, {})).problems)


def _holds(text: str, new: str) -> None:
    assert _values(new) == _values(text)
    assert _formatted(new) == new
    assert re.sub(r"[\s]", "", new) == re.sub(r"[\s]", "", text)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@example("k0:\n - - x\n   # c\n - y\n")
@given(_texts())
def test_only_the_form_of_uneven_texts_changes(text: str) -> None:
    if not _is_yaml(text):
        return
    _holds(text, _formatted(text))


_CHANGES: dict[str, Callable[[str], str]] = {
    "deeper": lambda text: re.sub(r"^( +)", r"\1\1", text, flags=re.MULTILINE),
    "apart": lambda text: text.replace("\n", "\n\n\n"),
    "wide": lambda text: re.sub(r"^([^#\n]*?:) ", r"\1    ", text, flags=re.MULTILINE),
}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_a_changed_form_of_an_example_is_undone(change: Callable[[str], str]) -> None:
    text = (EXAMPLES / "flowctl.yaml").read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    assert _formatted(changed).replace("\n\n", "\n") == text.replace("\n\n", "\n")
