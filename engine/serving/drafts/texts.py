"""Texts as drafts keep them: how long they may be, their lines, what they are known by.

In: what a form sent, the bytes of a file.  Out: texts and their marks. Imports policy and writing.
"""

from __future__ import annotations

import hashlib
from typing import Final

from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.yaml_nodes import MAX_BYTES
from engine.writing.text_file import read_text_file

LONGEST_TITLE: Final = 120


def sha(text: str) -> str:
    """What a text is known by; "" is no text at all."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def limit_of(path: str) -> int:
    return MAX_TABLE_BYTES if path.endswith(".csv") else MAX_BYTES


def one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TITLE]


def lines(text: str) -> str:
    """Forms send `\\r\\n`; a file has `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_in(data: bytes, name: str) -> str:
    """A published file as an editor shows it, whatever its encoding and line ends."""
    found = read_text_file(data, name)
    return data.decode("utf-8", "replace") if found is None else found.text
