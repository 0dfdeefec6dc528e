"""All that a question about a place rests on: the snapshot, the file, the spot, what has a name there, the language.

Out: `Scene`; and what may stand at a path, where a schema alone does not know which of two things is meant.
Imports spot, structure, known, workspace and the ground floor.
"""

from __future__ import annotations

from functools import cached_property

from engine.editing.known import Known, Named, known_at
from engine.editing.spot import Path, Spot, at_path, spot_at
from engine.editing.structure import Place, schema_at
from engine.editing.workspace import File, Snapshot
from engine.policy.model import Elements, Local, MergedPolicy
from engine.policy.territory import Jurisdiction, Territory
from engine.say import Language, Say
from engine.tree import Mapping, Scalar, Tree

_WORKED_OUT_FOR = ("terms", "checks", "outputs")
"""sections whose elements may be of the items of a collection"""


class Scene:
    """Attributes:
    say: picks the language of the person.
    """

    def __init__(self, snapshot: Snapshot, file: File, offset: int, language: Language) -> None:
        self.snapshot = snapshot
        self.file = file
        self.say = Say(language)
        self.spot: Spot = spot_at(file, offset)

    @property
    def path(self) -> Path:
        return self.spot.path

    @cached_property
    def known(self) -> Known:
        return known_at(self.snapshot, self.file)

    @cached_property
    def below(self) -> MergedPolicy | None:
        """What an overlay is written against."""
        return self.snapshot.below(self.file) if self.file.kind == "overlay" else None

    @property
    def elements(self) -> Elements | None:
        return self.known.elements

    @property
    def is_free(self) -> bool:
        """Whether it is an amendment, which its issuer may make without leave."""
        return self.text(("role",)) == "amendment"

    @property
    def local(self) -> Local | None:
        """What the levels below open to this overlay; None where it needs no leave, or nothing is known."""
        return None if self.below is None or self.is_free else self.below.local

    @property
    def territory(self) -> Territory:
        """The places that there are: of the policy at hand, else of any."""
        merged = self.known.merged
        if merged is not None:
            return merged.divisions
        library = self.snapshot.library
        return next((library.territory(root.header.id) for root in library.roots()), Territory())

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """The places that the file is about, as far as they are written; those of what it amends where they are not."""
        written = self.node(("jurisdiction",))
        codes = [
            one.text
            for one in ([written] if isinstance(written, Scalar) else getattr(written, "items", ()))
            if isinstance(one, Scalar) and one.text
        ]
        if codes and all(self.territory.is_code(code) for code in codes):
            return Jurisdiction(codes)
        return None if self.known.merged is None else self.known.merged.chain.jurisdiction

    # ---- the tree

    def node(self, path: Path) -> Tree | None:
        return at_path(self.file.tree, path)

    def text(self, path: Path) -> str:
        """The text at a path; "" where there is none."""
        found = self.node(path)
        return found.text if isinstance(found, Scalar) else ""

    def keys(self, path: Path) -> tuple[str, ...]:
        found = self.node(path)
        return tuple(key.text for key, _ in found.entries) if isinstance(found, Mapping) else ()

    def place(self, path: Path) -> Place:
        """What may stand at a path. Below `add.facts` an id may be a collection that is there, or a new one."""
        if self.file.kind == "overlay" and path[:2] == ("add", "facts") and len(path) > 2 and path[2] != "household":
            known = self.known.collection(str(path[2])) and not self.is_new_collection(str(path[2]))
            below = ("facts", "household", *path[3:]) if known else ("facts", *path[2:])
            return schema_at("policy", below)
        return schema_at(self.file.kind, path)

    def is_new_collection(self, id_: str) -> bool:
        return {"items", "counted_in"} & set(self.keys(("add", "facts", id_))) != set()

    @cached_property
    def item(self) -> str:
        """The collection whose items the expression here is worked out for, or ""."""
        path = self.path
        for at, step in enumerate(path[:-1]):
            if step in _WORKED_OUT_FOR and at < 2:
                written = self.text((*path[: at + 2], "of"))
                if written:
                    return self.known.collection(written)
                replaced = self.known.called(str(path[at + 1]), "term") if step == "terms" else ()
                return next((one.collection for one in replaced if one.id == path[at + 1]), "")
        if path[:2] == ("add", "parts") and len(path) > 2:
            return self.term_collection(str(path[2]).partition(".")[0])
        return ""

    def term_collection(self, id_: str) -> str:
        return next((one.collection for one in self.known.of_kind("term") if one.id == id_), "")

    @cached_property
    def owner(self) -> tuple[str, str]:
        """The kind and id of the step or cause that the expression here is part of; ("", "") of none."""
        path = tuple(str(step) for step in self.path)
        at = 1 if path[:1] in (("add",), ("replace",)) else 0
        if len(path) <= at + 1:
            return "", ""
        section, name = path[at], path[at + 1]
        match section:
            case "terms":
                return "term", name
            case "parts":
                return "term", name.partition(".")[0]
            case "causes":
                return "cause", name
            case "conditions":
                return "cause", name.partition(".")[0]
            case _:
                return ("cause", path[1].partition(".")[0]) if path[0] == "exempt" else ("", "")

    # ---- how elements are told

    def document(self, policy: str) -> str:
        """How a document is called beside an item: its id, nothing for the file itself."""
        return self.say("本文件", "this file") if policy == self.file.id else policy

    def beside(self, named: Named) -> str:
        """Its unit and where it comes from."""
        return " · ".join(part for part in (named.unit, self.document(named.policy)) if part)
