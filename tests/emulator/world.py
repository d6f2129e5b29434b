"""What stands for the names in braces of documented requests; each is made when a request needs it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .conftest import raw_id
from .flow_world import FlowWorld

if TYPE_CHECKING:
    from .conftest import Client

NAME = re.compile(r"\{([A-Z][A-Z0-9_]+)\}")


class World(FlowWorld):
    """The objects that the pages take for granted, by the names of the pages."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.names: dict[str, str] = {"TENANT_ID": "local", "SANDBOX_NAME": "dev"}

    def value(self, name: str) -> str:
        """Return what stands for a name; a name of nothing, such as that of a password, stands for itself."""
        if name not in self.names:
            known = hasattr(type(self), name.lower())
            self.names[name] = str(getattr(self, name.lower())) if known else name.lower()
        return self.names[name]

    def filled(self, value: Any) -> Any:
        """Return a value of a documented request with the objects in the places of the names."""
        return json.loads(NAME.sub(lambda found: self.value(found[1]), json.dumps(value)))

    def path(self, path: str) -> str:
        """Return a documented path; IDs that are URIs are encoded in it."""
        return NAME.sub(lambda found: self._in_path(self.value(found[1])), path)

    @staticmethod
    def _in_path(value: str) -> str:
        return raw_id(value) if value.startswith("https://ns.") else value

    def unfilled(self, reply: Any) -> Any:
        """Return a reply with the names where their objects are keys."""
        if isinstance(reply, list):
            return [self.unfilled(each) for each in reply]
        if not isinstance(reply, dict):
            return reply
        names = {value: f"{{{name}}}" for name, value in self.names.items()}
        names["_local"] = "_{TENANT_ID}"
        return {names.get(key, key): self.unfilled(member) for key, member in reply.items()}
