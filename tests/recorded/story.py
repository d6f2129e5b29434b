"""The story that is recorded: edits of a copy of the examples, and the command lines run after each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Edit = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One edit of the workspace, and what is run after it."""

    title: str
    commands: Sequence[Sequence[str]]
    edit: Edit = lambda _root: None


def _replaced(name: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        path = root / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise AssertionError(f"{name} does not hold {old!r}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def _removed(name: str) -> Edit:
    return lambda root: (root / name).unlink()


_SHOP = "pipelines/shop-customers.yaml"
_HUBSPOT = "pipelines/hubspot-contacts.yaml"
_FORMATS = ("text", "json", "markdown")
_PLANS = [["plan", "--format", form] for form in _FORMATS]
_COMMANDS = (
    "validate",
    "plan",
    "apply",
    "destroy",
    "show",
    "state",
    "state list",
    "state show",
    "state mv",
    "state rm",
    "state settle",
    "state repair",
    "state orphans",
    "unlock",
    "emulator",
    "emulator serve",
    "emulator seed",
    "emulator reset",
    "schemas",
    "completion",
)

STORY: Sequence[Chapter] = (
    Chapter(title="help", commands=[["--help"], *([*name.split(), "--help"] for name in _COMMANDS)]),
    Chapter(title="version", commands=[["version", "--format", form] for form in _FORMATS]),
    Chapter(
        title="wrong usage",
        commands=[["plann"], ["plan", "--formt", "json"], ["plan", "--format", "xml"], ["show", "nothing.flow"]],
    ),
    Chapter(title="a new workspace", commands=[["validate"], ["validate", "--format", "json"], *_PLANS]),
    Chapter(title="first apply", commands=[["apply", "--auto-approve"], *_PLANS, ["show"], ["state", "list"]]),
    Chapter(
        title="one object",
        commands=[["show", "hubspot-contacts.flow", "--format", form] for form in _FORMATS],
    ),
    Chapter(
        title="a mapping changes",
        edit=_replaced(_HUBSPOT, "Properties_Firstname_Value", "Properties_Given_Name_Value"),
        commands=[*_PLANS, ["apply", "--auto-approve", "--format", "json"], ["plan"]],
    ),
    Chapter(
        title="a table changes",
        edit=_replaced(_SHOP, "tableName: public.customers", "tableName: public.clients"),
        commands=[*_PLANS, ["plan", "--detailed-exitcode"], ["apply", "--auto-approve"], ["plan"]],
    ),
    Chapter(
        title="a pipeline leaves",
        edit=_removed(_HUBSPOT),
        commands=[*_PLANS, ["apply", "--auto-approve", "--format", "markdown"], ["state", "orphans"], ["plan"]],
    ),
    Chapter(
        title="a typing error",
        edit=_replaced(_SHOP, "frequency:", "frequencyy:"),
        commands=[["validate", "--format", form] for form in _FORMATS] + [["plan"]],
    ),
    Chapter(
        title="the error is corrected",
        edit=_replaced(_SHOP, "frequencyy:", "frequency:"),
        commands=[["plan", "--out", "saved.plan"], ["apply", "saved.plan"], ["state", "repair"], ["unlock"]],
    ),
    Chapter(title="the end", commands=[["plan", "--destroy"], ["destroy", "--auto-approve"], ["plan"], ["show"]]),
)
