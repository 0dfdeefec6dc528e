"""Ways to spoil a text: by bytes, by tokens, by what its tree says. All seeded, none knows what the text means."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Sequence
from typing import Any, Final

ODD_BYTES: Final = (
    b"\x00",
    b"\t",
    b"\r",
    b"\r\n",
    b"\n",
    b"\x85",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xe3\x80\x80",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
    b"\xf4\x8f\xbf\xbf",
    b"\xc1\xf1\xbc\xb2",
    b"- ",
    b"? ",
    b": ",
    b"#",
    b"&a ",
    b"*a",
    b"!!python/object:os.system ",
    b"<<: ",
    b"|\n",
    b">-\n",
    b"%YAML 1.1\n",
    b"---\n",
    b"...\n",
    b"[" * 40,
    b"{" * 40,
    b"(" * 80,
    b"'",
    b'"',
    b"`",
    b"@",
    b"\\",
)

ODD_TOKENS: Final = (
    "",
    "0",
    "-0",
    "1e999",
    "1e-999",
    "NaN",
    "Infinity",
    "0620",
    "12:30",
    "1_000",
    "0x10",
    "99999999999999999999999",
    "0.000000000000000000001",
    "yes",
    "no",
    "true",
    "null",
    "~",
    "是",
    "否",
    "且",
    "或",
    "非",
    "如果",
    "那么",
    "否则",
    "属于",
    "对",
    "其中",
    "合计",
    "计数",
    "count",
    "sum",
    "round",
    "previous",
    "(",
    ")",
    "（",
    "）",
    "[",
    "]",
    "{",
    "}",
    ",",
    "，",
    ":",
    "：",
    ".",
    "<",
    "<=",
    "≤",
    "=",
    "==",
    "!=",
    "+",
    "-",
    "*",
    "/",
    "×",
    "÷",
    "%",
    "60%",
    "元",
    "36 月",
    "5 万元",
    "760 元/人/月",
    "2022-11-10",
    "2023-02-30",
    "9999-12-31",
    "0001-01-01",
    '"',
    "“",
    "”",
    "members",
    "家庭人口",
    "illness.income",
    "\u3000",
    "\u200b",
    "\u202e",
    "𠮷",
    "é",
    "\ud800",
)

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")


def spoil_bytes(rng: random.Random, data: bytes) -> bytes:
    """One to four changes of bytes."""
    spoiled = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(spoiled) + 1)
        end = min(len(spoiled), place + rng.choice((1, 1, 2, 3, 8, 60)))
        match rng.randrange(6):
            case 0:
                spoiled[place:end] = b""
            case 1:
                spoiled[place:end] = bytes(rng.randrange(256) for _ in range(end - place))
            case 2:
                spoiled[place:place] = rng.choice(ODD_BYTES)
            case 3:
                other = rng.randrange(len(spoiled) + 1)
                spoiled[other:other] = spoiled[place:end]
            case 4:
                spoiled[place:end] = rng.choice(ODD_BYTES)
            case _:
                if rng.random() < 0.1:
                    del spoiled[place:]
                elif place < len(spoiled):
                    spoiled[place] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def spoil_tokens(rng: random.Random, text: str, changes: int = 3) -> str:
    """Words, numbers and signs replaced, dropped, doubled or swapped."""
    tokens = _TOKEN.findall(text)
    for _ in range(rng.randint(1, changes)):
        if not tokens:
            return rng.choice(ODD_TOKENS)
        place = rng.randrange(len(tokens))
        match rng.randrange(6):
            case 0:
                tokens[place] = rng.choice(ODD_TOKENS)
            case 1:
                tokens[place] = rng.choice(tokens)
            case 2:
                tokens.insert(place, rng.choice(ODD_TOKENS))
            case 3:
                del tokens[place]
            case 4:
                other = rng.randrange(len(tokens))
                tokens[place], tokens[other] = tokens[other], tokens[place]
            case _:
                tokens[place] *= rng.choice((2, 2, 3, 200))
    return "".join(tokens)


def spoil_tree(rng: random.Random, tree: Any, odd: Sequence[object] = ODD_TOKENS) -> Any:
    """A JSON-like value with one to three of its nodes replaced, dropped, renamed, moved, wrapped or doubled."""
    whole = [copy.deepcopy(tree)]
    for _ in range(rng.randint(1, 3)):
        parent, key = rng.choice(list(_places(whole)))
        match rng.randrange(8):
            case 0 | 1:
                parent[key] = rng.choice(odd)
            case 2:
                other, its = rng.choice(list(_places(whole)))
                parent[key] = copy.deepcopy(other[its])
            case 3 if parent is not whole:
                del parent[key]
            case 4 if isinstance(parent, dict):
                parent[rng.choice([*ODD_TOKENS[:9], *parent, f"{key}x"])] = parent.pop(key)
            case 5:
                parent[key] = rng.choice(([parent[key]], {"is": parent[key]}, {}, []))
            case 6 if isinstance(parent[key], list):
                parent[key] = parent[key] * rng.choice((0, 2, 50))
            case _ if isinstance(parent[key], str):
                parent[key] = spoil_tokens(rng, parent[key])
            case _:
                pass
    return whole[0]


def _places(whole: list[Any]) -> list[tuple[Any, Any]]:
    """Every node as (container, key)."""
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [whole]
    while waiting and len(found) < 5000:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node))
        for key in keys:
            found.append((node, key))
            if isinstance(node[key], (dict, list)):
                waiting.append(node[key])
    return found
