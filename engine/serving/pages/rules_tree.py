"""The tree of rules: the places from the province down, the documents of each, and what each document says.

In: a library.  Out: `Branch`es, one for each place of each root document that is one.
Imports reporting (words of changes), policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.policy.document import Document
from engine.policy.loader import Library
from engine.policy.model import Chain, Header, MergedPolicy, Overlay, Policy, dated_origin
from engine.policy.overlay import merge
from engine.policy.territory import Territory
from engine.records import dataclass
from engine.reporting.changes import told
from engine.reporting.words import Words
from engine.serving.pages.places import Place


@dataclass(frozen=True, slots=True)
class Article:
    """What a document says somewhere: the article that it rests on, a word for it, the day from which it holds."""

    cites: str
    text: str
    since: str
    place: Place


@dataclass(frozen=True, slots=True)
class Leaf:
    """A document. `sound`: it could be built; of any other nothing is known but its head."""

    id: str
    title: str
    status: str
    about: str
    place: Place
    sound: bool
    articles: tuple[Article, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A place. `rules` is the document that its rules are those of: its own last one, or the last above it."""

    code: str
    name: str
    rules: str
    leaves: tuple[Leaf, ...]
    inside: tuple[Branch, ...]

    @property
    def bare(self) -> bool:
        """Nothing of its own stands here or below."""
        return not self.leaves and all(one.bare for one in self.inside)


def branches(library: Library, words: Words) -> tuple[Branch, ...]:
    roots = sorted((one for one in library.documents.values() if one.is_root), key=_root_order)
    return tuple(branch for root in roots for branch in _Growing(library, root, words).grown())


def astray(library: Library, words: Words) -> tuple[Leaf, ...]:
    """Documents that amend nothing that was loaded: they hang on no branch, and are not passed over."""
    ids = sorted(id_ for id_ in library.documents if library.root_of(id_) is None)
    return tuple(_leaf(library, library.documents[id_], words) for id_ in ids)


def _root_order(document: Document) -> tuple[bool, str]:
    return document.header.is_values, document.header.id


class _Growing:
    def __init__(self, library: Library, root: Document, words: Words) -> None:
        self._library = library
        self._root = root
        self._words = words
        self._territory: Territory = library.territory(root.header.id)
        own = [one for one in library.documents.values() if library.root_of(one.header.id) == root.header.id]
        own.sort(key=_leaf_order)
        self._at = gathered((code, one) for one in own for code in one.header.jurisdiction)
        codes = dict.fromkeys([*self._territory.known, *self._at])
        self._below = gathered((above[1], code) for code in codes if len(above := self._territory.up(code)) > 1)

    def grown(self) -> Iterator[Branch]:
        for code in self._root.header.jurisdiction:
            yield self._branch(code, self._root.header.id)

    def _branch(self, code: str, rules: str) -> Branch:
        held: Sequence[Document] = self._at.get(code, ())
        local = [one.header.id for one in held if one.header.role != "amendment" and _official(one.header)]
        rules = local[-1] if local else rules
        own_name = self._root.header.issuer if code in self._root.header.jurisdiction else ""
        return Branch(
            code,
            self._territory.name_of(code) or own_name,
            rules,
            tuple(_leaf(self._library, one, self._words) for one in held),
            tuple(self._branch(one, rules) for one in self._below.get(code, ())),
        )


def _official(header: Header) -> bool:
    return not header.amends or header.origin.status == "official"


def _leaf_order(document: Document) -> tuple[bool, bool, str]:
    header = document.header
    return bool(header.amends), header.role != "amendment", header.id


# ---- documents


def _leaf(library: Library, document: Document, words: Words) -> Leaf:
    header = document.header
    built = library.build(header.id)
    status = words("values_document") if header.is_values else words(header.origin.status)
    if header.role == "amendment":
        status = words("amendment")
    start = header.origin.start
    since = "" if start is None else words("from_day", day=start.isoformat())
    return Leaf(
        header.id,
        header.title,
        status,
        words.clause([header.origin.document, since]),
        Place.of(header.origin.span),
        built is not None,
        tuple(_articles(library, built, words)) if built is not None else (),
        tuple(table.name for table in document.tables),
    )


def _articles(library: Library, built: Policy | Overlay, words: Words) -> Iterable[Article]:
    match built:
        case Policy():
            return _of_policy(built)
        case Overlay():
            return _of_overlay(library, built, words)


def _of_policy(policy: Policy) -> list[Article]:
    """Each article once, by the weightiest that rests on it, in the order of the file."""
    elements = policy.elements
    causes = (one for cause in elements.causes.values() for one in (cause, *cause.conditions.values()))
    steps = (elements.requirements, elements.terms, elements.outputs, elements.referrals)
    found: dict[str, Article] = {}
    for one in (*causes, *(one for each in steps for one in each.values()), *elements.every()):
        if one.cites:
            found.setdefault(one.cites, Article(one.cites, one.label, "", Place.of(one.origin.span)))
    return sorted(found.values(), key=lambda one: one.place.line)


def _of_overlay(library: Library, overlay: Overlay, words: Words) -> list[Article]:
    merged = _merged(library, overlay)
    articles = []
    for change in sorted(overlay.changes, key=lambda one: dated_origin(one).span.start):
        origin = dated_origin(change)
        one = told(change, merged) if merged is not None else None
        what = "" if one is None else f"{words(f'op_{one.operation}')} {one.what or one.target}"
        what += "" if one is None or not one.count else words.bracketed(words("cells", count=one.count))
        since = "" if origin.start is None else words("from_day", day=origin.start.isoformat())
        articles.append(Article(origin.document, what, since, Place.of(origin.span)))
    return articles


def _merged(library: Library, overlay: Overlay) -> MergedPolicy | None:
    chain: Chain | None = library.chain(library.whole_line(overlay.header.id))
    return None if chain is None else merge(chain, Reporter())
