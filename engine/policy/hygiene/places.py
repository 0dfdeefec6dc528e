"""Where in a policy file an offset stands, as a person would say it: `causes.illness.conditions.assets.when`.

In: a tree and an offset.  Out: the keys from the top, joined by points; items of a list by their number from 1.
Imports the tree.
"""

from __future__ import annotations

from bisect import bisect_right

from engine.tree import Mapping, Scalar, Sequence, Tree


def element_at(tree: Tree, offset: int) -> str:
    """The innermost element that holds the offset; "" for what stands in front of the first key."""
    path = ""
    while True:
        match tree:
            case Mapping(entries=entries):
                number = bisect_right(entries, offset, key=_starts)
                if number == 0:
                    return path
                key, value = entries[number - 1]
                path = f"{path}.{key.text}" if path else key.text
                if offset < value.span.start or offset < key.span.end:
                    return path
                tree = value
            case Sequence(items=items):
                number = bisect_right(items, offset, key=_start)
                if number == 0:
                    return path
                path, tree = f"{path}[{number}]", items[number - 1]
            case Scalar():
                return path


def _start(tree: Tree) -> int:
    return tree.entries[0][0].span.start if isinstance(tree, Mapping) and tree.entries else tree.span.start


def _starts(entry: tuple[Scalar, Tree]) -> int:
    return entry[0].span.start


def lies_in(element: str, holder: str) -> bool:
    """Whether an element is another, or stands inside it."""
    return element == holder or (element.startswith(holder) and element[len(holder)] in ".[")
