"""A yaml-language-server, as an editor talks to it: the problems of a text, and what it proposes at a place."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SERVER = os.environ.get("FLOWCTL_YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server") or ""
"""The program, from npm's `yaml-language-server`; empty if it is not at hand."""


class YamlServer:
    """A running server for the files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._last = 0

    def __enter__(self) -> Self:
        self._ask("initialize", {"processId": None, "rootUri": self._folder.as_uri(), "capabilities": {}})
        self._send({"method": "initialized", "params": {}})
        yaml = {"validate": True, "completion": True, "schemaStore": {"enable": False}}
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": {"yaml": yaml}}})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def problems(self, name: str, text: str) -> list[str]:
        """The messages about a text."""
        self._open(name, text)
        while True:
            message = self._read()
            params = message.get("params", {})
            is_it = params.get("uri") == self._uri(name)
            if message.get("method") == "textDocument/publishDiagnostics" and is_it:
                return [each["message"] for each in params["diagnostics"]]

    def proposals(self, name: str, text: str) -> dict[str, str]:
        """What is proposed in place of `<here>`, with its documentation."""
        before, _, after = text.partition("<here>")
        self._open(name, before + after)
        lines = before.split("\n")
        place = {"line": len(lines) - 1, "character": len(lines[-1])}
        found = self._ask("textDocument/completion", {"textDocument": {"uri": self._uri(name)}, "position": place})
        return {item["label"]: _words(item.get("documentation", "")) for item in found["items"]}

    def _uri(self, name: str) -> str:
        return (self._folder / name).as_uri()

    def _open(self, name: str, text: str) -> None:
        document = {"uri": self._uri(name), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def _ask(self, method: str, params: Mapping[str, Any]) -> Any:
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._last and "method" not in message:
                return message["result"]

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message; a request of the server is answered with nothing."""
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) or not length:
            if not line:
                raise EOFError("the server has ended")
            key, _, value = line.partition(b":")
            if key.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message


def _words(documentation: str | Mapping[str, str]) -> str:
    return documentation if isinstance(documentation, str) else documentation["value"]
