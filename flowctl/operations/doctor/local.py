"""What a run needs on this machine: manifests, settings, proxy, certificates, lockfile, run lock and cache."""

import os
import sys
import sysconfig
from collections.abc import Iterator
from typing import Final

from flowctl import __version__
from flowctl.aep.certificates import FILE, FOLDER, trusted
from flowctl.aep.proxies import proxy_for
from flowctl.manifest.document import Manifests
from flowctl.model.checkup import Finding, Health
from flowctl.model.diagnostic import Severity
from flowctl.model.errors import ManifestError, PlatformError, StateError
from flowctl.operations.doctor.words import failed
from flowctl.operations.record import recorded, store_of
from flowctl.operations.session import SessionSettings
from flowctl.release_stamp import SWITCH, caches
from flowctl.settings.workspace import Environment, environment
from flowctl.validation.wording import counted

NEEDED: Final = ("settings", "proxy", "certificates", "lockfile")
"""The parts without which Experience Platform cannot be asked."""


def local_findings(settings: SessionSettings, manifests: Manifests) -> Iterator[Finding]:
    """The findings that need no network."""
    yield Finding(
        part="flowctl",
        health=Health.OK,
        found=f"version {__version__}, Python {sys.version.partition(' ')[0]}, {sysconfig.get_platform()}",
    )
    yield _manifests(settings, manifests)
    try:
        chosen = environment(settings.workspace, settings.environment, settings.environ)
    except ManifestError as error:
        yield failed("settings", error.diagnostics)
    else:
        where = "the emulator in flowctl" if chosen.embedded else chosen.endpoint
        yield Finding(
            part="settings",
            health=Health.OK,
            found=f"{where}, organization {chosen.organization}, sandbox {chosen.sandbox}",
        )
        yield from _connections(settings, chosen)
    yield _lockfile(settings)
    yield _run_lock(settings)
    yield _cache(settings)


def _manifests(settings: SessionSettings, manifests: Manifests) -> Finding:
    errors = [each for each in manifests.diagnostics if each.severity is Severity.ERROR]
    if errors:
        return Finding(
            part="manifests",
            health=Health.FAILED,
            found=f"{counted(len(errors), 'error')} in {settings.workspace.root}",
            action="Run `flowctl validate`.",
        )
    warnings = len(manifests.diagnostics)
    documents = counted(len(manifests.documents), "document")
    return Finding(
        part="manifests",
        health=Health.WARNING if warnings else Health.OK,
        found=f"{documents} in {settings.workspace.root}" + (f", {counted(warnings, 'warning')}" if warnings else ""),
        action="Run `flowctl validate`." if warnings else "",
    )


def _connections(settings: SessionSettings, chosen: Environment) -> Iterator[Finding]:
    """The proxy and the certificate authorities of the environment's hosts."""
    if chosen.endpoint is None:
        return
    try:
        proxy = proxy_for(chosen.endpoint, settings.environ)
    except PlatformError as error:
        yield failed("proxy", error.diagnostics)
    else:
        found = f"{proxy.host}:{proxy.port}, from {proxy.variable}" if proxy else "none"
        yield Finding(part="proxy", health=Health.OK, found=found)
    if not chosen.endpoint.startswith("https:"):
        return
    try:
        trusted(settings.environ)
    except PlatformError as error:
        yield failed("certificates", error.diagnostics)
    else:
        named = [name for name in (FILE, FOLDER) if settings.environ.get(name)]
        found = f"from {' and '.join(named)}" if named else "the usual authorities"
        yield Finding(part="certificates", health=Health.OK, found=found)


def _lockfile(settings: SessionSettings) -> Finding:
    try:
        ledger = recorded(settings.workspace, settings.environment)
        lockfile = ledger.lockfile
    except StateError as error:
        return failed("lockfile", error.diagnostics)
    entries = f"{ledger.name}: {counted(len(lockfile.entries), 'resource')}"
    if ledger.is_unfinished:
        return Finding(
            part="lockfile",
            health=Health.WARNING,
            found=f"{entries}, and an interrupted run left a journal",
            action="Run `flowctl plan`: it finds out what was done.",
        )
    return Finding(part="lockfile", health=Health.OK, found=entries)


def _run_lock(settings: SessionSettings) -> Finding:
    holder = store_of(settings.workspace, settings.environment).lock_holder()
    if holder is None:
        return Finding(part="run lock", health=Health.OK, found="free")
    return Finding(
        part="run lock",
        health=Health.WARNING,
        found=f"held by {holder}",
        action="Wait for that run to end. If it hangs, run `flowctl unlock`.",
    )


def _cache(settings: SessionSettings) -> Finding:
    folder = caches(settings.environ)
    if folder is None:
        return Finding(part="cache", health=Health.OK, found=f"off: no cache folder, or {SWITCH}")
    # The folder is made when something is written: until then the nearest one that exists decides.
    places = (folder, *folder.parents)
    existing = next((each for each in places if os.path.exists(each)), folder)  # noqa: PTH110 - never raises
    # As root every file can be written, and below one there is no folder.
    if os.path.isdir(existing) and os.access(existing, os.W_OK):  # noqa: PTH112 - never raises
        return Finding(part="cache", health=Health.OK, found=str(folder))
    return Finding(
        part="cache",
        health=Health.WARNING,
        found=f"{folder} cannot be written, so every run reads all manifests",
        action=f"Give your user permission to write it, or set {SWITCH}=off.",
    )
