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
            meaning="flowctl cannot write its output, for example because the disk is full, or another file is in "
            "the place of a schema.",
            cure="Free disk space or use another folder, and run the command again. The lockfile has everything "
            "that was done.",
        ),
        DiagnosticCode(
            "cannot-listen",
            "Emulator cannot listen",
            ERROR,
            meaning="`emulator serve` cannot use the host, which is not this machine, or the port, which is in use.",
            cure="Use another `--host` or `--port`.",
        ),
        DiagnosticCode(
            "not-a-scenario",
            "Not a scenario",
            ERROR,
            meaning="The file given to `emulator seed` is not a scenario.",
            cure="Correct the file; see [The emulator](../guides/emulator.md).",
        ),
        DiagnosticCode(
            "not-a-record",
            "Not a record",
            ERROR,
            meaning="The file given to `emulator compare` is not a record, or is damaged.",
            cure="Use a file that `flowctl emulator record` has written; see [Record Experience Platform]"
            "(../guides/record.md).",
        ),
        DiagnosticCode(
            "emulator-data",
            "Unusable emulator data",
            ERROR,
            meaning="The data of the emulator is damaged, belongs to another program or a newer release, is locked by "
            "another program, or flowctl cannot write its folder. Or it cannot be deleted because an emulator uses it.",
            cure="If the data is locked or used, close the other program, or reset the server with "
            "`flowctl emulator reset --url URL`. If a lock file is damaged, delete that file. If the data belongs to a "
            "newer release, install a newer release of flowctl. Otherwise, run `flowctl emulator reset` to start with "
            "empty data.",
        ),
        DiagnosticCode(
            "nothing-to-explain",
            "Nothing to explain",
            ERROR,
            meaning="`explain` was given a name that is not a diagnostic code, a kind of an address or a kind of "
            "document.",
            cure="Use the name in the message, or run `flowctl explain` to list all.",
        ),
        DiagnosticCode(
            "usage",
            "Wrong usage",
            ERROR,
            meaning="The command line has a mistake.",
            cure="Run the command with `--help`.",
        ),
        DiagnosticCode(
            "installation-incomplete",
            "Incomplete installation",
            ERROR,
            meaning="Files of the flowctl package are missing.",
            cure="Install flowctl again.",
        ),
        DiagnosticCode(
            "interrupted",
            "Interrupted",
            ERROR,
            meaning="You or another program stopped the command with a signal before it had a result. Only results as "
            "JSON have this code; the exit code is 130.",
            cure="Run the command again.",
        ),
        DiagnosticCode(
            "internal-error",
            "Internal error",
            ERROR,
            meaning="flowctl has a bug.",
            cure="Report the whole message. The lockfile and its journal have everything that was done.",
        ),
    ),
)
