"""Lockfile, journal and run lock: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Lockfile, journal and run lock",
    (
        DiagnosticCode(
            "lockfile-unreadable",
            "Unreadable lockfile",
            ERROR,
            meaning="The lockfile is damaged, cannot be read, or has an ID that Experience Platform cannot have given.",
            cure="Restore the lockfile from version control; see [Recovering](../guides/recovering.md).",
        ),
        DiagnosticCode(
            "lockfile-newer",
            "Lockfile of a newer release",
            ERROR,
            meaning="A newer release of flowctl wrote the lockfile.",
            cure="Install that release.",
        ),
        DiagnosticCode(
            "lockfile-conflict",
            "Merge conflict in the lockfile",
            ERROR,
            meaning="The lockfile has the markers of a merge conflict.",
            cure="Keep the entries of both sides; see "
            "[Recovering](../guides/recovering.md#a-merge-conflict-in-the-lockfile).",
        ),
        DiagnosticCode(
            "lockfile-elsewhere",
            "Lockfile of another organization or sandbox",
            ERROR,
            meaning="The lockfile belongs to another organization or sandbox.",
            cure="Correct the environment in `flowctl.yaml`. Each environment has its own lockfile.",
        ),
        DiagnosticCode(
            "journal-damaged",
            "Damaged journal",
            ERROR,
            meaning="The journal is damaged before its last line.",
            cure="Move the journal away, and run `flowctl state repair`.",
        ),
        DiagnosticCode(
            "journal-unreadable",
            "Unreadable journal",
            ERROR,
            meaning="flowctl cannot read the journal.",
            cure="Give your user permission to read it.",
        ),
        DiagnosticCode(
            "journal-newer",
            "Journal of a newer release",
            ERROR,
            meaning="A newer release of flowctl wrote the journal.",
            cure="Install that release.",
        ),
        DiagnosticCode(
            "journal-elsewhere",
            "Journal of another lockfile",
            ERROR,
            meaning="The journal does not continue the lockfile next to it.",
            cure="Restore the lockfile that the journal continues.",
        ),
        DiagnosticCode(
            "record-changed",
            "Lockfile changed by another run",
            ERROR,
            meaning="Another run or `git pull` changed the lockfile or its journal after this run read it, for "
            "example while this run waited for approval.",
            cure="Wait until the other run ends, and run `flowctl plan` again.",
        ),
        DiagnosticCode(
            "record-unwritable",
            "Lockfile or journal cannot be written",
            ERROR,
            meaning="flowctl cannot write the lockfile or its journal.",
            cure="Free disk space or correct the permissions, and run the command again.",
        ),
        DiagnosticCode(
            "unrecordable",
            "Object that cannot be recorded",
            ERROR,
            meaning="flowctl cannot record a reply of Experience Platform, for example if it has the ID of "
            "another object. Nothing was recorded.",
            cure="Run the command again: it looks on Experience Platform for what this run did.",
        ),
        DiagnosticCode(
            "run-locked",
            "Environment locked by another run",
            ERROR,
            meaning="Another run has the run lock of this environment. The message has its user, host, process "
            "and start time.",
            cure="Wait, or use `--lock-timeout SECONDS`. If that run hangs, run `flowctl unlock`.",
        ),
        DiagnosticCode(
            "run-lock-unusable",
            "Unusable run lock",
            ERROR,
            meaning="flowctl cannot create or read the run lock, or it is not a regular file.",
            cure="Give your user permission to write in the workspace.",
        ),
        DiagnosticCode(
            "ambiguous-creation",
            "Ambiguous creation",
            ERROR,
            meaning="Experience Platform did not reply clearly to a create request, and flowctl cannot tell which "
            "live object it created: there are several, or the only one seems older than the request because a "
            "clock may be wrong.",
            cure="Look at the objects in the message, and run `flowctl state settle ADDRESS ID`, or `none` instead "
            "of ID.",
        ),
        DiagnosticCode(
            "not-recorded",
            "Address not recorded",
            ERROR,
            meaning="An address is not in the lockfile.",
            cure="Use an address that `flowctl state list` shows.",
        ),
        DiagnosticCode(
            "address-taken",
            "Address taken",
            ERROR,
            meaning="The new address of `state mv` is already in the lockfile.",
            cure="Choose another address.",
        ),
        DiagnosticCode(
            "kind-differs",
            "Kind differs",
            ERROR,
            meaning="The new address of `state mv` has another kind.",
            cure="Keep the part after the dot.",
        ),
        DiagnosticCode(
            "nothing-pending",
            "Nothing pending",
            ERROR,
            meaning="`state settle` has an address without an interrupted write.",
            cure="Run `flowctl plan`: there is nothing to settle.",
        ),
        DiagnosticCode(
            "not-found",
            "Object not found",
            ERROR,
            meaning="`state settle` has the ID of an object that is not on Experience Platform.",
            cure="Correct the ID.",
        ),
    ),
)
