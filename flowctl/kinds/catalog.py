"""The Catalog's list of datasets, which tells of datasets and of what they use."""

from typing import Final

from flowctl.model.request import Reply, Request

CATALOG: Final = "/data/foundation/catalog"
DATASETS: Final = f"{CATALOG}/dataSets"
_PAGE = 100


def dataset_page(*filters: tuple[str, str]) -> Request:
    """The first page of the sandbox's datasets, the newest first."""
    paging = (("limit", str(_PAGE)), ("start", "0"), ("orderBy", "desc:created"))
    return Request(method="GET", path=DATASETS, query=(*filters, *paging))


def next_dataset_page(request: Request, reply: Reply) -> Request | None:
    """There is no paging envelope: a page shorter than its limit is the last one."""
    if "start" not in dict(request.query) or len(reply.body) < _PAGE:
        return None
    start = int(dict(request.query)["start"]) + _PAGE
    kept = tuple(pair for pair in request.query if pair[0] != "start")
    return Request(method="GET", path=request.path, query=(*kept, ("start", str(start))))
