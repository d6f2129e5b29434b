"""Others: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Others",
    (
        DiagnosticCode(
            "output-unwritable",
            "Output cannot be written",
            ERROR,
            meaning="Results cannot be written: a full disk, most likely; or `schemas` found something else in the "
            "place of a file.",
            cure="Make room, or name another folder, and run again. What was done is recorded.",
        ),
        DiagnosticCode(
            "cannot-listen",
            "Emulator cannot listen",
            ERROR,
            meaning="`emulator serve` was given an address that is not one of this machine, or a port that is taken.",
            cure="Choose another `--host` or `--port`.",
        ),
        DiagnosticCode(
            "not-a-scenario",
            "Not a scenario",
            ERROR,
            meaning="`emulator seed` was given a file that is no scenario.",
            cure="See [The embedded platform](../guides/emulator.md).",
        ),
        DiagnosticCode(
            "emulator-data",
            "Unusable emulator data",
            ERROR,
            meaning="The emulator's data is damaged, belongs to another program or to a newer release, or its folder "
            "cannot be written.",
            cure="`flowctl emulator reset` gives it fresh data.",
        ),
        DiagnosticCode(
            "usage",
            "Wrong usage",
            ERROR,
            meaning="The command line is wrong.",
            cure="See `--help`.",
        ),
        DiagnosticCode(
            "installation-incomplete",
            "Incomplete installation",
            ERROR,
            meaning="Files that come with flowctl are missing.",
            cure="Install flowctl again.",
        ),
        DiagnosticCode(
            "internal-error",
            "Internal error",
            ERROR,
            meaning="Something happened that flowctl did not expect: a mistake in flowctl.",
            cure="Report it with the message. The record is safe.",
        ),
    ),
)
