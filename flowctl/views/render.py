"""A result in a format: the one place where formats are told apart."""

from typing import assert_never

from flowctl.model.result import Result
from flowctl.views.formats import Format
from flowctl.views.output import Output, RenderOptions


def render(result: Result, form: Format, options: RenderOptions) -> Output:
    """The result in this format; a format's module is imported only for that."""
    match form:
        case Format.TEXT:
            from flowctl.views import text

            return text.render(result, options)
        case Format.JSON:
            from flowctl.views import json_document

            return json_document.render(result)
        case Format.MARKDOWN:
            from flowctl.views import markdown

            return markdown.render(result, options)
        case Format.GITHUB:
            from flowctl.views import github

            return github.render(result, options)
        case Format.GITLAB:
            from flowctl.views import gitlab

            return gitlab.render(result, options)
        case Format.SARIF:
            from flowctl.views import sarif

            return sarif.render(result, options)
        case Format.HTML:
            from flowctl.views import html

            return html.render(result, options)
        case Format.JUNIT:
            from flowctl.views import junit

            return junit.render(result)
        case Format.MERMAID:
            from flowctl.views import mermaid

            return mermaid.render(result, options)
        case Format.DOT:
            from flowctl.views import dot

            return dot.render(result, options)
        case Format.SVG:
            from flowctl.views import svg

            return svg.render(result, options)
        case _:
            assert_never(form)
