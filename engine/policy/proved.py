"""What was proved of overlays, as `check --prove --record` wrote it down beside them.

In: `proved.json` at the top of a policy folder.  Out: `Proof`s, by the digest of the rules that they are about: an
overlay over what it stands on. Rules that say anything else have another digest, so that what was proved of others is
never told of them. Whoever may write the rules may write this, too: it is a record, which `check --prove` makes anew.
Imports digest, model and the ground floor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

from engine.policy.digest import canonical, chain_digest
from engine.policy.model import Chain, Change
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.policy.loader import Library

PROVED_FILE: Final = "proved.json"
Promised: TypeAlias = Literal["narrower", "wider", "within"]
"""that nobody becomes eligible, that nobody ceases to be, that what is set lies within what the guard allows"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A promise that is kept.

    Attributes:
        changes: the marks of the change, or of all those that promise the same, together.
        beside: whether it is said beside what else the overlay does.
        any_size: of families of any size; else of those with at most so many items, by the collection.
        free: the parameters that may be anything that is allowed; the rest as it is published.
    """

    effect: Promised
    changes: tuple[str, ...]
    beside: bool
    any_size: bool
    sizes: Mapping[str, int]
    free: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of an overlay, and how many promises it makes."""

    overlay: str
    digest: str
    promises: int
    claims: tuple[Claim, ...]

    @property
    def most(self) -> dict[str, int]:
        """Up to how many items all of it is about, by the collection; nothing where families may be of any size."""
        sizes: dict[str, int] = {}
        for claim in self.claims:
            sizes |= {id: max(most, sizes.get(id, 0)) for id, most in claim.sizes.items()}
        return {id: most for id, most in sizes.items() if most}


Proofs: TypeAlias = Mapping[str, Proof]
"""by digest"""


def mark_of(change: Change) -> str:
    """What tells a change from the others of its overlay, wherever it stands in the file."""
    text = json.dumps(_anywhere(canonical(change, {})), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _anywhere(told: object) -> object:
    """Without the level that the merge gave it."""
    if isinstance(told, dict):
        return {key: _anywhere(value) for key, value in told.items() if key != "depth"}
    return [_anywhere(one) for one in told] if isinstance(told, list) else told


def rules_digest(chain: Chain, overlay: str) -> str:
    """The digest of an overlay of a chain over what it stands on."""
    at = next(place for place, one in enumerate(chain.overlays) if one.header.id == overlay)
    return chain_digest(replace(chain, overlays=chain.overlays[: at + 1]))


def proofs_of(chain: Chain, digest: str, known: Proofs) -> dict[str, Proof]:
    """What was proved of the overlays of a chain, by their ids.

    Args:
        digest: of the whole chain.
    """
    found = {}
    for at, overlay in enumerate(chain.overlays):
        last = at == len(chain.overlays) - 1
        proof = known.get(digest if last else rules_digest(chain, overlay.header.id))
        if proof is not None and proof.overlay == overlay.header.id:
            found[overlay.header.id] = proof
    return found


def written(proofs: Iterable[Proof]) -> str:
    told = {
        proof.overlay: {
            "digest": proof.digest,
            "promises": proof.promises,
            "proved": [
                {
                    "effect": claim.effect,
                    "changes": list(claim.changes),
                    "beside": claim.beside,
                    "any_size": claim.any_size,
                    "at_most": dict(claim.sizes),
                    "any_value": list(claim.free),
                }
                for claim in proof.claims
            ],
        }
        for proof in sorted(proofs, key=lambda one: one.overlay)
    }
    return json.dumps({"format": 1, "overlays": told}, ensure_ascii=False, indent=1) + "\n"


def read_proofs(data: bytes) -> tuple[Proof, ...] | None:
    """None where it is no such record: then nothing was proved."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return None
    match told:
        case {"format": 1, "overlays": dict() as overlays}:
            found = [_proof(id, one) for id, one in overlays.items()]
            return None if None in found else tuple(cast("list[Proof]", found))
        case _:
            return None


def _proof(overlay: str, told: Any) -> Proof | None:
    match told:
        case {"digest": str() as digest, "promises": int() as promises, "proved": list() as proved}:
            claims = [_claim(one) for one in proved]
            return None if None in claims else Proof(overlay, digest, promises, tuple(cast("list[Claim]", claims)))
        case _:
            return None


def _claim(told: Any) -> Claim | None:
    match told:
        case {
            "effect": str() as effect,
            "changes": list() as changes,
            "beside": bool() as beside,
            "any_size": bool() as any_size,
            "at_most": dict() as sizes,
            "any_value": list() as free,
        } if effect in get_args(Promised):
            texts = all(isinstance(one, str) for one in (*changes, *free))
            if texts and all(type(most) is int for most in sizes.values()):
                return Claim(cast("Promised", effect), tuple(changes), beside, any_size, sizes, tuple(free))
    return None


def outdated(library: Library) -> Iterator[str]:
    """The overlays of which something was proved of other rules than there are now."""
    for proof in library.proofs.values():
        document = library.documents.get(proof.overlay)
        chain = None if document is None else library.chain(tuple(library.whole_line(proof.overlay)))
        if chain is not None and rules_digest(chain, proof.overlay) != proof.digest:
            yield proof.overlay
