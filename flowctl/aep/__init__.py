"""Adobe Experience Platform over HTTP: the only package that imports httpx and httpcore."""
