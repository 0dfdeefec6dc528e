"""Coverage of rules by cases, as text, as JSON and as lines for coverage services.

In: what `testing.coverage` saw.  Out: a table and what is lacking; `Coverage` for `lcov` and `cobertura`.
Imports the result types of testing, layout and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.diagnostics import Language
from engine.escaping import Lines
from engine.reporting.coverage import Branch, Coverage, CoveredFile, CoveredLine
from engine.say import Say
from engine.source import Source
from engine.testing.strength import ASPECT_WORDS, SIDES, TRUTHS, Probe, Proposal, Seen


def aspect_word(aspect: str, language: Language) -> str:
    return Say(language)(*ASPECT_WORDS[aspect])


def render_coverage(found: Sequence[Seen], language: Language, proposals: Sequence[Proposal] = ()) -> Lines:
    """A line for each set of rules, then everything that no case has seen, with its place."""
    say = Say(language)
    lines: list[str] = [say("覆盖", "coverage")]
    for seen in found:
        name = say.names("→".join(chain) for chain in seen.chains)
        truths, thresholds = seen.counts(TRUTHS), seen.counts(SIDES)
        told = say(
            f"条件和判断 {_share(truths)}，界限 {_share(thresholds)}",
            f"conditions and truths {_share(truths)}, thresholds {_share(thresholds)}",
        )
        lines.append(f"  {told}  {name}")
        lines.extend(f"    {_lacking(probe, aspect, language)}" for probe, aspect in seen.missing())
    if proposals:
        lines.append(
            say(
                "可以补的用例（结论是程序自己的，先核对，写明理由，再放进用例文件的 tests 下面）",
                "cases to paste under `tests` (the answers are the program's own: agree first, and say why)",
            )
        )
        lines.extend(line for proposal in proposals for line in proposal.text.split("\n"))
    return Lines.of(lines)


def _share(count: tuple[int, int]) -> str:
    hit, all_ = count
    whole = 100 if hit == all_ else 100 * hit // max(1, all_)
    return f"{whole}% ({hit}/{all_})"


def _lacking(probe: Probe, aspect: str, language: Language) -> str:
    text = _shown(probe)
    if len(text) > 60:
        text = text[:59] + "…"
    told = Say(language)("没有用例使它", "no case makes it ") + aspect_word(aspect, language)
    return f"{probe.span!r}: {probe.site.owner.name}: {told}: {text}"


def _shown(probe: Probe) -> str:
    """The rule as written; of an edge of a table what is looked up, and the edge."""
    text = " ".join(probe.span.text.split())
    return f"{text} [{probe.edge}]" if probe.edge else text


def coverage_json(found: Sequence[Seen]) -> list[dict[str, object]]:
    """For each set of rules: counts, and what is lacking."""
    return [
        {
            "chains": [list(chain) for chain in seen.chains],
            "truths": dict(zip(("seen", "all"), seen.counts(TRUTHS), strict=True)),
            "thresholds": dict(zip(("seen", "all"), seen.counts(SIDES), strict=True)),
            "missing": [
                {
                    "rule": probe.site.owner.name,
                    "aspect": aspect,
                    "file": probe.span.source.name,
                    "line": probe.span.line,
                    "column": probe.span.column,
                    "text": _shown(probe),
                }
                for probe, aspect in seen.missing()
            ],
        }
        for seen in found
    ]


def covered_lines(found: Iterable[Seen]) -> Coverage:
    """The same by file and line; what several sets of rules share is seen where one of them saw it."""
    taken: dict[tuple[Source, int], dict[str, int]] = {}
    for seen in found:
        for probe in seen.every:
            where = (probe.span.source, probe.span.line)
            for aspect in probe.aspects:
                edge = f" {probe.edge}" if probe.edge else ""
                name = f"{probe.site.owner.name} {probe.span.column}{edge}: {aspect_word(aspect, 'en')}"
                branches = taken.setdefault(where, {})
                branches[name] = branches.get(name, 0) + seen.hits.get((probe.key, aspect), 0)
    files: dict[Source, list[CoveredLine]] = {}
    for (source, line), branches in sorted(taken.items(), key=lambda entry: (entry[0][0].name, entry[0][1])):
        told = tuple(Branch(name, hits > 0) for name, hits in sorted(branches.items()))
        files.setdefault(source, []).append(CoveredLine(line, max(branches.values()), told))
    return Coverage(tuple(CoveredFile(source, tuple(lines)) for source, lines in files.items()))
