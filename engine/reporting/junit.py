"""What was tried, one by one, as JUnit XML: what passed is listed too.

In: `Results`.  Out: XML; a suite a group, in the order of the trials.
A report in which nothing was tried would be read as a success, so that it holds one failing case that says so.
Imports `results`.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from engine.escaping import Lines, shown
from engine.gathered import gathered
from engine.reporting.results import Results, Trial
from engine.say import Say

_ELEMENTS = {"failed": "failure", "broken": "error", "skipped": "skipped"}
_NOTHING = (
    "什么都没有检查：没有找到要检查的文件或用例",
    "nothing was tried: there was no file to check and no case to run",
)


def junit(results: Results) -> Lines:
    name = f"doudi {results.command}"
    trials = results.trials or (Trial(name, "nothing tried", "broken", Say(results.language)(*_NOTHING)),)
    root = ET.Element("testsuites", {"name": name, **_counts(trials)})
    for group, members in gathered((trial.group, trial) for trial in trials).items():
        suite = ET.SubElement(root, "testsuite", {"name": shown(group), **_counts(members)})
        for trial in members:
            _add(trial, suite, results)
    ET.indent(root)
    return Lines('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode"))


def _add(trial: Trial, suite: ET.Element, results: Results) -> None:
    values: dict[str, str] = {"classname": shown(trial.group), "name": shown(trial.name)}
    if trial.span is not None:
        values |= {"file": shown(results.locate(trial.span.source)), "line": str(trial.span.line)}
    if trial.seconds:
        values["time"] = trial.seconds
    case = ET.SubElement(suite, "testcase", values)
    # what is shown holds nothing that XML cannot hold
    text = trial.text if isinstance(trial.text, Lines) else Lines.of(trial.text.split("\n"))
    if trial.outcome != "passed":
        told = ET.SubElement(case, _ELEMENTS[trial.outcome], {"message": text.partition("\n")[0]})
        if trial.outcome != "skipped":
            told.set("type", trial.outcome)
            told.text = text
    elif text:
        ET.SubElement(case, "system-out").text = text


def _counts(trials: Sequence[Trial]) -> dict[str, str]:
    outcomes = [trial.outcome for trial in trials]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count("failed")),
        "errors": str(outcomes.count("broken")),
        "skipped": str(outcomes.count("skipped")),
    }
