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
            meaning="The lockfile is damaged, cannot be read, or holds an ID that the platform cannot have made.",
            cure="Restore it from version control; see [Recovering](../guides/recovering.md).",
        ),
        DiagnosticCode(
            "lockfile-newer",
            "Lockfile of a newer release",
            ERROR,
            meaning="A newer flowctl wrote the lockfile.",
            cure="Install that release.",
        ),
        DiagnosticCode(
            "lockfile-conflict",
            "Merge conflict in the lockfile",
            ERROR,
            meaning="The lockfile holds merge conflict markers.",
            cure="Keep the entries of both sides; see "
            "[Recovering](../guides/recovering.md#a-merge-conflict-in-the-lockfile).",
        ),
        DiagnosticCode(
            "lockfile-elsewhere",
            "Lockfile of another organization or sandbox",
            ERROR,
            meaning="The lockfile belongs to another organization or sandbox.",
            cure="Correct the environment; each has its own lockfile.",
        ),
        DiagnosticCode(
            "journal-damaged",
            "Damaged journal",
            ERROR,
            meaning="The journal is damaged before its last line.",
            cure="Run `flowctl state repair`.",
        ),
        DiagnosticCode(
            "journal-unreadable",
            "Unreadable journal",
            ERROR,
            meaning="The journal cannot be read.",
            cure="Check its permissions.",
        ),
        DiagnosticCode(
            "journal-newer",
            "Journal of a newer release",
            ERROR,
            meaning="A newer flowctl wrote the journal.",
            cure="Install that release.",
        ),
        DiagnosticCode(
            "journal-elsewhere",
            "Journal of another lockfile",
            ERROR,
            meaning="The journal continues another lockfile than the one beside it.",
            cure="Restore the lockfile that it belongs to.",
        ),
        DiagnosticCode(
            "record-changed",
            "Lockfile changed by another run",
            ERROR,
            meaning="Another run, or `git pull`, changed the lockfile or its journal after this run read it, such as "
            "while it waited for approval.",
            cure="Wait until the other run ends, then plan again.",
        ),
        DiagnosticCode(
            "record-unwritable",
            "Lockfile or journal cannot be written",
            ERROR,
            meaning="Lockfile or journal cannot be written.",
            cure="Make room or repair the permissions, and run again.",
        ),
        DiagnosticCode(
            "unrecordable",
            "Object that cannot be recorded",
            ERROR,
            meaning="What the platform says of an object cannot be recorded, such as the ID of another object. "
            "Nothing was written that no later run could read.",
            cure="Run again: the next run looks on the platform for what this one did.",
        ),
        DiagnosticCode(
            "run-locked",
            "Environment locked by another run",
            ERROR,
            meaning="Another run holds this environment. The message names user, host, process and start.",
            cure="Wait, or give `--lock-timeout SECONDS`; if that run hangs, `flowctl unlock`.",
        ),
        DiagnosticCode(
            "run-lock-unusable",
            "Unusable run lock",
            ERROR,
            meaning="The run lock cannot be made or read, or is not a regular file.",
            cure="The workspace must be writable for this user.",
        ),
        DiagnosticCode(
            "ambiguous-creation",
            "Ambiguous creation",
            ERROR,
            meaning="No clear reply came to a creation, and flowctl cannot tell which live object it created: there "
            "are several, or the only one seems older than the request, so that a clock may be wrong.",
            cure="Look at them, and choose with `flowctl state settle ADDRESS ID`, or `none`.",
        ),
        DiagnosticCode(
            "not-recorded",
            "Address not recorded",
            ERROR,
            meaning="An address is not in the lockfile.",
            cure="Take one from `flowctl state list`.",
        ),
        DiagnosticCode(
            "address-taken",
            "Address taken",
            ERROR,
            meaning="The new address of `state mv` is recorded already.",
            cure="Choose another.",
        ),
        DiagnosticCode(
            "kind-differs",
            "Kind differs",
            ERROR,
            meaning="The new address of `state mv` is of another kind.",
            cure="Keep the part after the dot.",
        ),
        DiagnosticCode(
            "nothing-pending",
            "Nothing pending",
            ERROR,
            meaning="`state settle` names an address at which nothing is pending.",
            cure="Look at `flowctl state list`.",
        ),
        DiagnosticCode(
            "not-found",
            "Object not found",
            ERROR,
            meaning="`state settle` names an object that is not on the platform.",
            cure="Correct the id.",
        ),
    ),
)
