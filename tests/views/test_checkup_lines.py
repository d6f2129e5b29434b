"""The lines of a checkup: what to do is told once, and beside or below its part as the terminal has room."""

from flowctl.model.checkup import Checkup, Finding, Health
from flowctl.views.checkup import checkup_lines
from flowctl.views.width import UNWRAPPED, Width

CHECKUP = Checkup(
    environment="dev",
    findings=(
        Finding(part="read flows", health=Health.FAILED, found="not found", action="Check `sandbox`."),
        Finding(part="read runs", health=Health.FAILED, found="not " * 20 + "found", action="Check `sandbox`."),
        Finding(part="clock", health=Health.WARNING, found="90 s behind", action="Set the clock."),
    ),
)


def lines(width: Width) -> list[str]:
    return [line.text for line in checkup_lines(CHECKUP, width)]


def test_what_to_do_about_several_parts_is_told_once_below_them() -> None:
    assert lines(UNWRAPPED) == [
        "Environment dev",
        "failed   read flows  not found",
        f"failed   read runs   {'not ' * 20}found",
        "                     Check `sandbox`.",
        "warning  clock       90 s behind",
        "                     Set the clock.",
        "2 failed, 1 with a warning",
    ]


def test_what_is_long_stands_below_its_part_in_a_narrow_terminal() -> None:
    assert lines(Width(columns=60, wraps=True))[1:6] == [
        "failed   read flows  not found",
        "failed   read runs",
        f"    {'not ' * 13}not",
        f"    {'not ' * 6}found",
        "    Check `sandbox`.",
    ]


def test_where_there_is_room_it_stands_beside_its_part() -> None:
    assert lines(Width(columns=81, wraps=True))[2:5] == [
        f"failed   read runs   {'not ' * 14}not",
        f"                     {'not ' * 5}found",
        "                     Check `sandbox`.",
    ]


def test_a_secret_is_masked_before_its_line_is_broken() -> None:
    masked = Width(columns=60, wraps=True, masked=lambda text: text.replace("not not", "***"))
    assert not any("not not" in line for line in lines(masked))
