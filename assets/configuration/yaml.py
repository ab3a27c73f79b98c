"""YAML files of the configuration, with the line on which each key stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assets.faults import ConfigurationFault
from assets.yaml_text import LOADER, parse_yaml

Place = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """What a YAML file says; `lines` gives the line of every key and list entry by its place."""

    value: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest block around it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(path: Path) -> Document:
    """The content of a YAML file; an empty one is an empty block.

    Raises ConfigurationFault where the file is missing, is no YAML, or says a key twice.
    """
    if not path.is_file():
        raise ConfigurationFault(f"{path}: expected this file, found none.")
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=LOADER)
        value = parse_yaml(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationFault(f"{path}: expected YAML in UTF-8, found: {error}") from error
    lines: dict[Place, int] = {}
    for place, line in _places(root, ()):
        if place in lines:
            raise ConfigurationFault(
                f"{path}: line {line}: {'.'.join(place)} must stand once; line {lines[place]} "
                "has it already."
            )
        lines[place] = line
    return Document({} if value is None else value, lines)


def _places(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "<<":
                continue
            yield (*place, str(key.value)), key.start_mark.line + 1
            yield from _places(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*place, str(number)), value.start_mark.line + 1
            yield from _places(value, (*place, str(number)))
