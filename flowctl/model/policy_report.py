"""What `policy` commands show: the rules of a workspace with their waivers, and the ends of policy tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWaiver:
    """One waiver of a rule: which document has it, where, why, and its last day; whether that is over."""

    document: str
    file: str
    line: int
    reason: str
    expires: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRule:
    """One rule, its policy, its place, and what it matches; what it does not name is empty."""

    id: str
    policy: str
    severity: str
    message: str
    file: str
    line: int
    kinds: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    paths: tuple[tuple[str, str], ...] = ()
    waivers: tuple[ListedWaiver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRules:
    """Every rule of a workspace, in the order of the files."""

    rules: tuple[ListedRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a case of a policy test expects of a rule, what came, and why a rule is broken."""

    rule: str
    expected: str
    actual: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCaseEnd:
    """How one case of a policy test ended, and its place in the manifest."""

    test: str
    case: str
    file: str
    line: int
    differences: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTests:
    """The ends of all cases, and the rules that no case expects to be broken."""

    cases: tuple[PolicyCaseEnd, ...]
    untested: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """The number of cases that failed."""
        return sum(bool(case.differences) for case in self.cases)
