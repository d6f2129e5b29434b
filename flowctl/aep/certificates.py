"""Trusted certificate authorities: the usual ones, or those of SSL_CERT_FILE and SSL_CERT_DIR instead."""

import os
import re
import ssl
from collections.abc import Mapping
from pathlib import Path

from flowctl.model.errors import PlatformError

FILE, FOLDER = "SSL_CERT_FILE", "SSL_CERT_DIR"
_KEY_LOG = "SSLKEYLOGFILE"
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
"""How OpenSSL finds a certificate in a folder; `openssl rehash` makes such names."""


def trusted(environ: Mapping[str, str]) -> ssl.SSLContext:
    """The context of every https connection. Raises PlatformError that names a variable that cannot be used."""
    file, folder = environ.get(FILE, ""), environ.get(FOLDER, "")
    if file:
        _require_file(file)
    for part in folder.split(os.pathsep) if folder else ():
        _require_folder(part)
    if not file and not folder:
        import certifi

        file = certifi.where()
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except ssl.SSLError as error:
        raise _unusable(FILE, f"names {file}, which has no certificate in PEM format") from error
    except (OSError, ValueError) as error:
        # The only other file that the context opens.
        raise _unusable(_KEY_LOG, f"names a file that cannot be written: {environ.get(_KEY_LOG, '')}") from error


def _require_file(name: str) -> None:
    try:
        if Path(name).is_dir():
            raise _unusable(FILE, f"names {name}, which is a folder")
        # Not for a pipe or a device: reading it might never end.
        if not Path(name).is_file():
            raise _unusable(FILE, f"names {name}, which does not exist or is not a file")
        with Path(name).open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise _unusable(FILE, f'names "{name}", which cannot be read') from error


def _require_folder(name: str) -> None:
    try:
        found = any(_HASHED.fullmatch(entry) for entry in os.listdir(name))  # noqa: PTH208 - names are enough
    except (OSError, ValueError) as error:
        raise _unusable(FOLDER, f"names {name}, which is not a folder that can be read") from error
    if not found:
        raise _unusable(FOLDER, f"names {name}, which has no certificate that `openssl rehash` has named")


def _unusable(variable: str, why: str) -> PlatformError:
    advice = {FILE: "Set it to a PEM file of certificates", FOLDER: "Set it to a folder prepared with `openssl rehash`"}
    return PlatformError.because(
        "invalid-certificates",
        f"the environment variable {variable} {why}",
        hint=f"{advice.get(variable, 'Set it to a file that can be written')}, or unset {variable}.",
    )
