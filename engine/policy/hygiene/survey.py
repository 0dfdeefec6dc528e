"""Every hygiene rule over every document of a library, and the findings put under the folders' settings.

In: a library that was checked, the slices of each document, and what the checks found.
Out: all of that together, graded and less what is suppressed; a suppression that suppresses nothing is told.
Imports the rules, settings, loader, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from engine.diagnostics import Diagnostic, Reporter
from engine.policy.checked import CheckedPolicy
from engine.policy.document import Document
from engine.policy.hygiene.characters import check_characters
from engine.policy.hygiene.conditions import check_conditions
from engine.policy.hygiene.constants import check_constants
from engine.policy.hygiene.declared import make_subject
from engine.policy.hygiene.labels import check_labels
from engine.policy.hygiene.places import element_at
from engine.policy.hygiene.settings import DEFAULTS, NEEDS_A_DAY, NO_SOURCES, Suppression, read_settings
from engine.policy.hygiene.sources import check_counties, check_sources
from engine.policy.hygiene.unlikely import check_unlikely
from engine.policy.hygiene.use import check_use
from engine.policy.loader import Library
from engine.source import Source
from engine.suggest import nearest


def check_hygiene(
    library: Library,
    slices_of: Callable[[Document], tuple[CheckedPolicy, ...]],
    found: Reporter,
    on: date | None,
) -> Reporter:
    """What was found before, and what the hygiene rules find.

    Args:
        slices_of: the checked policies of a document's own chain; none where it has errors.
        on: the day of `check --on`.
    """
    own = Reporter(found)
    subjects = []
    for name in sorted(library.documents):
        document = library.documents[name]
        for source in (document.tree.span.source, *document.tables):
            check_characters(source, own, found)
        slices = slices_of(document) if document.built is not None else ()
        if document.built is not None and slices:
            subjects.append(make_subject(document, document.built, slices))
    for subject in subjects:
        check_conditions(subject, own)
        check_constants(subject, own)
        check_labels(subject, own)
        check_sources(subject, own)
        check_unlikely(subject, own)
    check_use(library, subjects, own)
    check_counties(library, subjects, own)
    return _Settling(library, {subject.id for subject in subjects}, on).settle(own)


class _Settling:
    """Grades findings under the settings of the folder that each stands in."""

    def __init__(self, library: Library, sound: set[str], on: date | None) -> None:
        self.library = library
        self.sound = sound
        self.on = on
        self.report = Reporter()
        self.settings = {folder: read_settings(folder, self.report, library.instead) for folder in library.folders}
        self.homes: dict[Source, Document] = {
            source: document
            for document in library.documents.values()
            for source in (document.tree.span.source, *document.tables)
        }
        self.used: set[Suppression] = set()
        self.told: list[tuple[str, str, str]] = []
        self.unsourced: set[str] = set()
        """documents that should say once where they come from, and do not"""

    def settle(self, found: Reporter) -> Reporter:
        for one in found:
            home = None if one.span is None else self.homes.get(one.span.source)
            if one.code not in DEFAULTS or home is None:
                self.report.add(one)
                continue
            element = self._element(one, home)
            settings = self.settings[home.root]
            covering = [held for held in settings.suppressions if held.covers(one, home.header.id, element)]
            self.used.update(covering)
            profile = settings.profiles.get(home.header.id)
            if one.code in NO_SOURCES and profile is not None and profile.sourced_once:
                self._source_of(home)
                continue
            graded = settings.graded(one, home.header.id)
            if not covering and graded is not None:
                self.told.append((one.code, home.header.id, element))
                self.report.add(graded)
        self.report.extend(self._unused())
        return self.report

    def _source_of(self, home: Document) -> None:
        """What the head says, all of the file has; where it says nothing, that is told once."""
        header = home.header
        if not header.origin.document and not header.origin.source and header.id not in self.unsourced:
            self.unsourced.add(header.id)
            self.report.tell("missing-source", header.origin.span, label=header.title or header.id)

    def _element(self, one: Diagnostic, home: Document) -> str:
        """The place inside the file; a table beside it goes by its name."""
        assert one.span is not None
        source = one.span.source
        return element_at(home.tree, one.span.start) if source is home.tree.span.source else source.name

    def _unused(self) -> Iterator[Diagnostic]:
        for folder, settings in self.settings.items():
            known = sorted(name for name, document in self.library.documents.items() if document.root == folder)
            for name, profile in settings.profiles.items():
                if name not in known and self.library.folders[folder]:
                    near = nearest(name, known)
                    strange = Diagnostic.of("unused-suppression", profile.span, profile=near, rule="policies")
                    if (found := settings.graded(strange)) is not None:
                        yield found
            for held in settings.suppressions:
                if held in self.used or not self._was_looked_for(held, folder):
                    continue
                policy = "" if held.policy in known else nearest(held.policy, known)
                elements = [place for code, name, place in self.told if code == held.code and name == held.policy]
                element = nearest(held.element, elements)
                stale = Diagnostic.of("unused-suppression", held.span, rule=held.code, policy=policy, element=element)
                if (graded := settings.graded(stale)) is not None:
                    yield graded

    def _was_looked_for(self, held: Suppression, folder: Path) -> bool:
        """Whether the rule was run on all that the suppression can be about."""
        if not self.library.folders[folder] or (held.code in NEEDS_A_DAY and self.on is None):
            return False
        document = self.library.documents.get(held.policy)
        if document is None:
            return not any(one.head.id in ("", held.policy) for one in self.library.unusable)
        return document.root != folder or held.policy in self.sound
