"""Lists that a check reads in full."""

from collections.abc import Callable, Generator, Sequence

from flowctl.kinds.live_check import Answers, Ask, Read
from flowctl.model.request import Reply, Request

Pages = Generator[Sequence[Read[object]], Answers, Sequence[Reply]]


def whole_list(first: Request, next_page: Callable[[Request, Reply], Request | None]) -> Pages:
    """Every page of a list."""
    pages: list[Reply] = []
    request: Request | None = first
    while request is not None:
        page: Ask[Reply] = Ask(request=request, read=lambda reply: reply)
        answers = yield (page,)
        pages.append(answers.of(page))
        request = next_page(request, pages[-1])
    return pages
