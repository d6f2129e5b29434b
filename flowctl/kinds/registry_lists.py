"""Pages of Schema Registry's lists."""

from flowctl.model.request import Reply, Request


def next_page(request: Request, reply: Reply) -> Request | None:
    """Keyset paging: `_page.next` is the value for `start`, exclusive."""
    start = (reply.body.get("_page") or {}).get("next")
    if start is None:
        return None
    if not isinstance(start, str | int):
        raise TypeError("the start of the next page is not a string")
    kept = tuple(pair for pair in request.query if pair[0] != "start")
    return Request(method="GET", path=request.path, query=(*kept, ("start", str(start))), headers=request.headers)
