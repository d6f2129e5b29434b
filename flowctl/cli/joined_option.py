"""An option whose value may be left out, and otherwise stands behind an equals sign: `--wait` or `--wait=2h`."""

from collections.abc import Iterable, Iterator

import click

from flowctl.cli.detailed_option import DetailedOption


class JoinedOption(DetailedOption):
    """An option that never takes the next word, which could be an argument, as its value."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The name with its value as it is written, and the help."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        names, words = record
        return names.replace(f" {self.metavar}", f"[={self.metavar}]"), words


def joined(args: Iterable[str], parameters: Iterable[click.Parameter]) -> Iterator[str]:
    """The words of a command line; such an option without a value gets the one that stands for leaving it out."""
    alone = {name: each.flag_value for each in parameters if isinstance(each, JoinedOption) for name in each.opts}
    words = iter(args)
    for word in words:
        yield f"{word}={alone[word]}" if word in alone else word
        if word == "--":
            yield from words
