"""By which marks a file shows that it was meant as a policy, however it was saved and whatever its name.

In: bytes, a text or a tree.  Out: whether a policy or an overlay may be meant, as its keys tell: those of the format,
what lies next to them, and the Chinese titles that the schema gives them.
A file that shows none of them is something else and takes part in nothing; whoever asks errs towards a policy.
Imports the ground floor.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import Final

from engine.gathered import gathered
from engine.resources import schema
from engine.suggest import nearest, one_slip_from
from engine.tree import Mapping, Scalar, Sequence, Tree, nodes

HEADS: Final = ("policy", "values", "overlay", "amends")
"""one of these says what a file is"""
_LETTERS: Final = [frozenset(head) for head in HEADS]
_NAMED: Final = ("policy", "values", "overlay")
_TITLES_OF_HEADS: Final = frozenset({"标识", "补充哪项政策", "适用地域"})
_WORDS: Final = {
    "amends": ("修订", "修正", "上级"),
    "overlay": ("覆盖", "补充", "细则", "规定"),
    "jurisdiction": ("适用", "辖区", "区划"),
    "from": ("施行", "起始", "生效"),
    "set": ("标准", "设定"),
    "exempt": ("豁免",),
    "policy": ("政策",),
}
"""what Chinese keys are made of that stand for one at the top of a policy, the more telling ones first"""
_LONGEST_WORDED: Final = 8
"""characters of such a key; more are a sentence"""
_LOOKED_AT: Final = 1_000
"""keys of a file that are compared with every key there is; a policy begins with its own"""
_ELSEWHERE: Final = frozenset({"cases", "given", "bases", "tests", "differs", "again", "severity", "suppress"})
"""keys at the top of case files and of the settings of `check`"""
_BLANKS: Final = " \\t\u00a0\u3000"
KEY_LINE: Final = re.compile(
    rf"^([{_BLANKS}]*(?:[-{{][{_BLANKS}]*)?)[\"'“”]?([^\W\d_]\w*)[\"'“”]?[{_BLANKS}]*[:：]", re.MULTILINE
)
_ENDS: Final = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_MARKED: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_in(data: bytes) -> str:
    """The text of a file in any encoding that Chinese editors save, as far as it can be read; for looking only."""
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _ENDS.sub("\n", data.decode(encoding, "replace"))
    pairs = len(data) // 2
    if data.count(0) * 8 > pairs:  # UTF-16 without its mark: every ASCII character has a zero beside it
        wide = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        return _ENDS.sub("\n", data.decode(wide, "replace"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return _ENDS.sub("\n", text)


def marked_text(text: str) -> bool:
    """Whether the lines of a text begin with the keys of a policy.

    At the outermost level the key that says so is enough; further in, or in Chinese, others have to stand beside it.
    """
    levels = gathered(dict.fromkeys((len(found[1]), found[2]) for found in KEY_LINE.finditer(text)))
    if not levels:
        return False
    return any(_is_head(name) for name in levels[min(levels)]) or any(map(is_set_of_keys, levels.values()))


def marked_tree(tree: Tree) -> bool:
    """Whether a file may have been meant as a policy or an overlay: it has, however written, a key that stands at the
    top of one, or nearly so; or all of one under some other key."""
    match tree:
        case Mapping():
            names = [key.text for key, _ in tree.entries]
            if not _keys().isdisjoint(names) or any(map(is_key, names[:_LOOKED_AT])):
                return True
            return any(map(_is_head, names)) or any(map(_has_set_of_keys, nodes(tree)))
        case Sequence():
            return any(marked_tree(item) for item in tree.items if isinstance(item, Mapping))
        case Scalar():
            text = tree.span.text
            keys = (found[2] for found in KEY_LINE.finditer(text))
            return re.search(_IN_TEXT, tree.text) is not None or marked_text(text) or any(map(_worded, keys))


_IN_TEXT: Final = r"(?<!\w)(?:policy|overlay|amends|jurisdiction)\s*[:：]"


def _has_set_of_keys(node: Tree) -> bool:
    return isinstance(node, Mapping) and is_set_of_keys([key.text for key, _ in node.entries])


def near_head(name: str) -> str:
    """`policy` or `overlay`, where a key is nearly that; the key that a Chinese one stands for."""
    plain = _plain(name)
    return nearest(name, _NAMED) or _named_by_title(plain) or _worded(plain)


def _named_by_title(plain: str) -> str:
    """The key that has this title; several have 标识."""
    names = {name for name, title in _properties() if title == plain}
    return names.pop() if len(names) == 1 else ""


def _worded(plain: str) -> str:
    """The key at the top of a policy that a Chinese one is nearly the name of (补充规定, 本级标准, 上级政策)."""
    if plain.isascii() or len(plain) > _LONGEST_WORDED:
        return ""
    return next((key for key, words in _WORDS.items() if any(word in plain for word in words)), "")


def is_key(name: str) -> bool:
    """Whether a key may be meant for one at the top of a policy or an overlay."""
    plain = _plain(name)
    if plain in _ELSEWHERE:
        return False
    if plain in _keys() or _is_title(plain) or _worded(plain) or _is_head(plain):
        return True
    return bool(one_slip_from(plain, sorted(_keys())))


@lru_cache(maxsize=4096)  # the same few keys stand in every file
def _is_head(name: str) -> bool:
    plain = _plain(name)
    if plain in HEADS:
        return True
    letters = {*plain.casefold()}
    if not 4 <= len(plain) <= 10 or all(len(letters ^ own) > 4 or len(letters - own) > 2 for own in _LETTERS):
        return False  # a text may have thousands of keys
    return bool(near_head(plain) or one_slip_from(plain, HEADS))


def _is_title(plain: str) -> bool:
    return plain in _titles() or (len(plain) > 3 and not plain.isascii() and bool(nearest(plain, sorted(_titles()))))


def is_set_of_keys(names: Iterable[str]) -> bool:
    """Whether a key says what a file is, with one of its neighbours; two of them where it is not quite that key."""
    plain = {_plain(name) for name in names}
    if _has_beside(plain & {*HEADS}, plain, 1):
        return True
    return _has_beside({one for one in plain if one in _TITLES_OF_HEADS or _is_head(one)}, plain, 2)


def _has_beside(heads: Collection[str], plain: Collection[str], wanted: int) -> bool:
    if not heads:
        return False
    known = sum(name in _keys() or name in _titles() for name in plain if name not in heads)
    return known + len(heads) - 1 >= wanted


def _plain(name: str) -> str:
    return name.strip() if name.isascii() else "".join(unicodedata.normalize("NFKC", name).split())


@cache
def _keys() -> frozenset[str]:
    """`format` stands at the top of other files too."""
    return frozenset(name for name, _ in _properties()) - {"format"}


@cache
def _titles() -> frozenset[str]:
    return frozenset(title for name, title in _properties() if title and name != "format")


@cache
def _properties() -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for kind in ("policy", "values", "overlay"):
        whole = schema(kind)
        properties, definitions = whole["properties"], whole["$defs"]
        assert isinstance(properties, dict)
        assert isinstance(definitions, dict)
        for name, node in properties.items():
            shared = definitions.get(str(node.get("$ref", "")).rpartition("/")[2], {})
            found.append((name, str(node.get("title") or shared.get("title") or "")))
    return tuple(found)
