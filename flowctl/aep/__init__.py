"""Adobe Experience Platform over HTTP: the only package that imports httpx and httpcore."""

import sys

# httpx also imports its own command line, and with it click, rich and pygments, unless that cannot be imported.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
