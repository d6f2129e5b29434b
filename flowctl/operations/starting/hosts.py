"""The code hosts for which a new workspace can have a file."""

from typing import Final

HOSTS: Final = ("github", "gitlab")
