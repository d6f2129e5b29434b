"""The formats in which results are printed, and which commands have them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """A format by the word that chooses it; `render` has its case in `flowctl.views.render`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    HTML = "html"
    JUNIT = "junit"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"

    @property
    def shows_plan_first(self) -> bool:
        """Whether an apply prints its plan before it asks, and its report afterwards; else it prints one document."""
        return self in _PLAN_FIRST

    @property
    def shows_findings(self) -> bool:
        """Whether it shows what was found in manifests, plans and tests, and nothing else."""
        return self in _FINDINGS

    @property
    def shows_plans_only(self) -> bool:
        """Whether `show` has it for a plan file, and not for what the lockfile records."""
        return self.shows_findings or self is Format.HTML

    def is_of(self, command: str) -> bool:
        """Whether a command, such as `state list`, has this format."""
        return self not in _OF_SOME or command in _OF_SOME[self]


_PLAN_FIRST: Final = frozenset({Format.TEXT, Format.MARKDOWN})
_FINDINGS: Final = (Format.GITHUB, Format.GITLAB, Format.SARIF)
_OF_FINDINGS: Final = frozenset({"validate", "plan", "show", "test", "drift"})
_OF_SOME: Final[Mapping[Format, frozenset[str]]] = {
    **dict.fromkeys(_FINDINGS, _OF_FINDINGS),
    Format.HTML: frozenset({"plan", "show"}),
    Format.JUNIT: frozenset({"test", "runs check"}),
    **dict.fromkeys((Format.MERMAID, Format.DOT, Format.SVG), frozenset({"graph"})),
}
"""The commands of each format that not all have."""
