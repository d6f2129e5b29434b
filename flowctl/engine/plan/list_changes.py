"""Changes inside a list whose items have no key, found by DeepDiff."""

from typing import Any

from deepdiff import DeepDiff

from flowctl.engine.plan.equivalence import canonical, equivalent
from flowctl.model.attribute_path import Path
from flowctl.model.change import AttributeChange


def list_changes(path: Path, before: list[Any], after: list[Any]) -> list[AttributeChange]:
    """The changed places inside two lists that are not equivalent, such as `params.columns[1].type`."""
    difference = DeepDiff(canonical(before) or [], canonical(after) or [], view="tree", threshold_to_diff_deeper=0)
    places: dict[Path, AttributeChange] = {}
    for group in difference.values():
        for level in group:
            inner = level.path(output_format="list")
            steps = path + tuple(f"[{step}]" if isinstance(step, int) else str(step) for step in inner)
            places[steps] = AttributeChange(steps=steps, before=_at(before, inner), after=_at(after, inner))
    found = [places[steps] for steps in sorted(places) if not equivalent(places[steps].before, places[steps].after)]
    return found or [AttributeChange(steps=path, before=before, after=after)]


def _at(value: Any, steps: list[Any]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
