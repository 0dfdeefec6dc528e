"""Where a new file belongs: the place it is about, and the policy it stands on.

In: a `Library` and what the user named.  Out: a `Home`, or `Refused`.
Imports refused, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.diagnostics import Reporter
from engine.policy.document import Document
from engine.policy.loader import Library
from engine.policy.model import Chain, MergedPolicy, Policy
from engine.policy.overlay import merge
from engine.policy.territory import Division, Jurisdiction
from engine.records import dataclass
from engine.suggest import nearest
from engine.writing.refused import Refused


@dataclass(frozen=True, slots=True)
class Home:
    """`jurisdiction` is what the file will carry; `below` is the chain it is written against, merged."""

    jurisdiction: Jurisdiction
    name: str
    amends: str
    below: MergedPolicy

    @property
    def is_county(self) -> bool:
        return all(code in self.below.divisions for code in self.jurisdiction)


def home_of(library: Library, places: Sequence[str], policy: str | None, *, beside: bool = False) -> Home:
    """The home of a new overlay for a city or county, given by code or name, or for several that go by the same file.

    Args:
        policy: the policy to amend, where it is not the only one that has the place.
        beside: stand on the place's own overlay, where there is one, as a draft does.
    """
    found = [_find(library, place, policy) for place in places]
    names = {code: name for _, code, name in found}
    under = {name: _amended(library, root.header.id, code, names, beside=beside) for root, code, name in found}
    amends = next(iter(under.values()))
    if set(under.values()) != {amends}:
        each = [f"{name} `{id_}`" for name, id_ in under.items()]
        raise Refused(
            f"这几处随的文件不同，不能合写一份：{'，'.join(each)}；各写各的",
            f"these go by different files and cannot share one: {', '.join(each)}; begin a file for each",
        )
    return Home(Jurisdiction(names), "、".join(names.values()), amends, merge(_chain(library, amends), Reporter()))


def _amended(library: Library, root: str, code: str, names: Mapping[str, str], *, beside: bool) -> str:
    """The file of the chain of a place that a new one amends.

    Args:
        names: of the places that the new one is about, by code.
    """
    held = {one: library.documents[one].header for one in library.chain_ids(root, code)}
    own = [one for one, header in held.items() if one != root and set(header.jurisdiction) <= set(names)]
    if own and not beside:
        file, name = file_of(library.documents[own[0]]), "、".join(names[one] for one in held[own[0]].jurisdiction)
        raise Refused(
            f"{name}已经有补充文件 `{own[0]}`（{file}），直接在里面改；要另写草案，加 --draft",
            f"{name} has an overlay already, `{own[0]}` ({file}); change that one, or write a draft with --draft",
        )
    return [one for one, header in held.items() if header.role != "amendment"][-1]


def overlay_named(library: Library, named: str) -> Document:
    """An overlay by its id, or the official one of a place by name or code."""
    if named in library.documents and not library.documents[named].is_root:
        return library.documents[named]
    root, jurisdiction, name = _find(library, named, None)
    for one in library.chain_ids(root.header.id, jurisdiction):
        header = library.documents[one].header
        if header.jurisdiction == (jurisdiction,) and header.role == "local":
            return library.documents[one]
    raise Refused(
        f"{name}还没有自己的文件；先运行 doudi new city {jurisdiction}",
        f"{name} has no file of its own yet; run doudi new city {jurisdiction} first",
    )


def merged_below(library: Library, document: Document) -> MergedPolicy:
    """What an overlay is written against."""
    return merge(_chain(library, document.header.amends), Reporter())


def file_of(document: Document) -> str:
    return document.header.origin.span.source.name


def _chain(library: Library, id_: str) -> Chain:
    chain = library.chain(library.whole_line(id_)) if id_ in library.documents else None
    if chain is None:
        raise Refused(f"`{id_}` 有错，先运行 doudi check", f"`{id_}` has errors; run doudi check first")
    return chain


def _find(library: Library, place: str, policy: str | None) -> tuple[Policy, str, str]:
    """The root policy that has a place, the place's code and its name."""
    found: list[tuple[Policy, str, str]] = []
    names: list[str] = []
    for root in _roots(library, policy):
        places = places_of(root)
        names += [*places, *places.values()]
        code = place[:4] if re.fullmatch(r"[0-9]{4}00", place) and place not in places else place
        codes = [code] if code in places else [one for one, name in places.items() if name == place]
        found += [(root, one, places[one]) for one in codes]
    if len(found) == 1:
        return found[0]
    if not found:
        guess = nearest(place, names)
        raise Refused(
            f"没有名为 {place} 的市、县（市、区），也没有这个代码" + (f"；是不是想写 {guess}？" if guess else ""),
            f"there is no city or county {place}, by name or code" + (f"; did you mean {guess}?" if guess else ""),
        )
    if len({code for _, code, _ in found}) > 1:
        codes_ = " ".join(sorted({code for _, code, _ in found}))
        raise Refused(
            f"叫 {place} 的不止一个，请写代码：{codes_}", f"several are called {place}, give the code: {codes_}"
        )
    ids = " ".join(root.header.id for root, _, _ in found)
    raise Refused(
        f"有几份政策都管 {place}，用 --policy 指明：{ids}",
        f"several policies have {place}, choose with --policy: {ids}",
    )


def _roots(library: Library, policy: str | None) -> list[Policy]:
    names = [held.header.id for held in library.roots() if policy is None or held.header.id == policy]
    if policy is not None and library.of_values(policy) and library.documents[policy].is_root:
        names = [policy]
    built = [library.build(name) for name in names]
    roots = [held for held in built if isinstance(held, Policy)]
    if not names:
        told = f" {policy}" if policy else ""
        raise Refused(
            f"没有可以补充的政策{told}；用 --policies 指明文件夹",
            f"there is no policy{told} to amend; name its folder with --policies",
        )
    if not roots:
        raise Refused(f"`{names[0]}` 有错，先运行 doudi check", f"`{names[0]}` has errors; run doudi check first")
    return roots


def places_of(root: Policy) -> Mapping[str, str]:
    """Counties, and the places that contain them as far as they have names, by code."""
    territory = root.divisions
    up = (code for county in territory for code in reversed(territory.up(county)))
    return {code: name for code in up if (name := territory.name_of(code))}


def counties_of(merged: MergedPolicy, jurisdiction: str | Jurisdiction) -> list[Division]:
    return [merged.divisions[code] for code in merged.divisions.inside(jurisdiction)]
