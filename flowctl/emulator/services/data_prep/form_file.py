"""The file in a form, as browsers and `curl -F` send it."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING

from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from flowctl.emulator.message import Incoming

_FORM = "multipart/form-data"


def file_in(incoming: Incoming) -> bytes:
    """Return the file that a request sends, in a form or as its body.

    Refuses (400) a form that is cut, or that has no file.
    """
    header = Message()
    header["Content-Type"] = incoming.headers.get("content-type", "")
    if header.get_content_type() != _FORM:
        return incoming.body
    boundary = header.get_boundary()
    if not boundary:
        raise bad_request("The content type of a form names its boundary.")
    _, *parts = (b"\r\n" + incoming.body).split(b"\r\n--" + boundary.encode("latin-1", "replace"))
    if not parts or not parts[-1].startswith(b"--"):
        raise bad_request("The form does not end with its boundary.")
    for part in parts[:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if BytesParser().parsebytes(head, headersonly=True).get_filename() is not None:
            return content
    raise bad_request("The form has no file.")
