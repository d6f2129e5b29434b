"""Read YAML text by composing it: every path then has a line and a column, and every problem its place.

Allowed: several documents, anchors and aliases. Refused, each with its place: duplicate keys, merge keys, keys that
are not strings, tags other than !!str, numbers that JSON does not have, endless aliases, deep nesting.
"""

from collections.abc import Iterator
from functools import lru_cache

from yaml._yaml import CParser  # the C half of CSafeLoader, without its YAML 1.1 resolver and constructor
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import Node, ScalarNode

from flowctl.text.builder import Build, build
from flowctl.text.built import RECENT, Built, Reading
from flowctl.text.source import TextProblem, control_character
from flowctl.text.substitution import Expand
from flowctl.text.syntax import syntax_problem, unknown_syntax

DEEPEST = 100
MOST_DOCUMENTS = 50_000
_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
"""The message of libyaml, since 0.2.6, for more than a thousand levels."""


@lru_cache(maxsize=RECENT)
def only_root(text: str) -> Node:
    """The nodes of the only document of a text."""
    root = _Composer(text).get_single_node()
    if root is None:
        raise AssertionError("a text with a value holds a document")
    return root


def read_composed(text: str, expand: Expand) -> Reading:
    """Read every document of any text by composing it."""
    state = Build(expand=expand, room=len(text), text=text)
    documents: list[Built] = []
    try:
        composer = _Composer(text)
        while composer.check_node():
            if len(documents) == MOST_DOCUMENTS:
                problem = _too_many(composer.get_node())
                return Reading(documents=tuple(documents), problems=(*state.problems, problem), complete=False)
            root = composer.get_node()
            if root is not None and not _is_empty(root):
                documents.append(build(root, state))
    except _TooDeep as deep:
        return Reading(documents=tuple(documents), problems=(*state.problems, deep.problem), complete=False)
    except MarkedYAMLError as error:
        if error.problem == _TOO_DEEP_FOR_LIBYAML and error.problem_mark is not None:
            # It looks ahead, so it refuses before the composer came to the place where this reader refuses.
            return read_composed(text[: error.problem_mark.index], expand)
        problem = syntax_problem(error, text)
        return Reading(documents=tuple(documents), problems=(*state.problems, problem), complete=False)
    except YAMLError:
        problem = control_character(text) or unknown_syntax()
        return Reading(documents=tuple(documents), problems=(*state.problems, problem), complete=False)
    return Reading(documents=tuple(documents), problems=tuple(state.problems))


def compose_all(text: str) -> Iterator[Node]:
    """The nodes of every document that is not empty, of a text that was read without a problem."""
    composer = _Composer(text)
    while composer.check_node():
        root = composer.get_node()
        if root is not None and not _is_empty(root):
            yield root


class _TooDeep(Exception):  # noqa: N818 - reads as what happened
    def __init__(self, problem: TextProblem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


class _Composer(CParser):
    """The C composer with the three methods that it calls back.

    It recurses on the C stack, so 10,000 opening brackets would end the process. The depth is therefore counted here:
    the composer announces each node.
    """

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        self._depth = 0

    def resolve(self, kind: type[Node], _value: object, implicit: tuple[bool, bool]) -> str:
        """The tag of a node without one: empty for a plain scalar and for collections."""
        return "" if kind is not ScalarNode or implicit[0] else "tag:yaml.org,2002:str"

    def descend_resolver(self, parent: Node | None, _index: object) -> None:
        """A node begins below `parent`."""
        self._depth += 1
        if self._depth > DEEPEST and parent is not None:
            mark = parent.start_mark
            raise _TooDeep(
                TextProblem(
                    code="nested-too-deep",
                    summary="lists and mappings are nested too deep",
                    detail=f"The limit is {DEEPEST} levels.",
                    hint="Close every bracket, and check the indentation.",
                    line=mark.line + 1,
                    column=mark.column + 1,
                )
            )

    def ascend_resolver(self) -> None:
        """A node ends."""
        self._depth -= 1


def _too_many(root: Node | None) -> TextProblem:
    return TextProblem(
        code="file-too-large",
        summary="the file has too many documents",
        detail=f"The limit is {MOST_DOCUMENTS:,}.",
        hint="Split it into several files.",
        line=root.start_mark.line + 1 if root is not None else 1,
    )


def _is_empty(root: Node) -> bool:
    return isinstance(root, ScalarNode) and root.tag == "" and root.value == ""
