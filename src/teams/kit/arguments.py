"""argparse that speaks Dutch: its usage, its headings and what it says of wrong use."""

import argparse
import re
from typing import Any, NoReturn

_MISUSE = (
    (r"the following arguments are required: (.+)", "er ontbreekt: {0}"),
    (r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)", "'{1}' kan niet bij {0}; kies uit {2}"),
    (r"argument (.+?): invalid int value: '(.*)'", "bij {0} hoort een getal, niet '{1}'"),
    (r"argument (.+?): expected .*", "bij {0} hoort een waarde"),
    (r"argument (.+?): ignored explicit argument '(.*)'", "bij {0} hoort geen waarde"),
    (r"unrecognized arguments: (.+)", "onbekend: {0}"),
    (r"ambiguous option: (\S+) .*", "{0} kan meer dan één ding betekenen"),
    (r"argument (.+?): (.+)", "{0}: {1}"),
)


class Parser(argparse.ArgumentParser):
    """argparse that speaks Dutch."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, add_help=False, allow_abbrev=False, formatter_class=Formatter)
        self._positionals.title, self._optionals.title = "wat", "opties"
        self.add_argument("-h", "--help", action="help", help="toon deze uitleg")

    def error(self, message: str) -> NoReturn:
        for pattern, dutch in _MISUSE:
            if found := re.fullmatch(pattern, message):
                message = dutch.format(*found.groups())
                break
        self.exit(2, f"teams: {message}. Uitleg: {self.prog} --help\n")


class Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)
