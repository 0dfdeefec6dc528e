"""Coverage of rules as Cobertura XML.

In: `Results` with their coverage.  Out: XML; a package a folder, a class a file, a condition each thing to be seen.
It bears no time, so that the same results give the same bytes.
Imports `results` and `coverage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import dirname
from xml.etree import ElementTree as ET

from engine.escaping import Lines, shown
from engine.gathered import gathered
from engine.reporting.coverage import CoveredFile, CoveredLine
from engine.reporting.results import Results


def cobertura(results: Results) -> Lines:
    files = () if results.coverage is None else results.coverage.files
    root = ET.Element("coverage", {**_rates(files), **_totals(files)})
    root.attrib |= {"complexity": "0", "version": results.version, "timestamp": "0"}
    ET.SubElement(ET.SubElement(root, "sources"), "source").text = "."
    packages = ET.SubElement(root, "packages")
    folders = gathered((dirname(shown(results.locate(file.source))), file) for file in files)
    for folder, members in folders.items():
        package = ET.SubElement(packages, "package", {"name": folder or ".", **_rates(members), "complexity": "0"})
        classes = ET.SubElement(package, "classes")
        for file in members:
            _add(file, classes, results)
    ET.indent(root)
    return Lines('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode"))


def _add(file: CoveredFile, classes: ET.Element, results: Results) -> None:
    path = shown(results.locate(file.source))
    values = {"name": shown(file.source.name), "filename": path, **_rates([file]), "complexity": "0"}
    found = ET.SubElement(classes, "class", values)
    ET.SubElement(found, "methods")
    lines = ET.SubElement(found, "lines")
    for line in file.lines:
        _add_line(line, lines)


def _add_line(line: CoveredLine, lines: ET.Element) -> None:
    values = {"number": str(line.line), "hits": str(line.hits), "branch": "true" if line.branches else "false"}
    if line.branches:
        share = 100 * line.taken // len(line.branches)
        values["condition-coverage"] = f"{share}% ({line.taken}/{len(line.branches)})"
    told = ET.SubElement(lines, "line", values)
    if line.branches:
        conditions = ET.SubElement(told, "conditions")
        for number, branch in enumerate(line.branches):
            each = {"number": str(number), "type": shown(branch.name), "coverage": "100%" if branch.taken else "0%"}
            ET.SubElement(conditions, "condition", each)


def _totals(files: Sequence[CoveredFile]) -> dict[str, str]:
    return {
        "lines-covered": str(sum(file.lines_hit for file in files)),
        "lines-valid": str(sum(len(file.lines) for file in files)),
        "branches-covered": str(sum(file.branches_taken for file in files)),
        "branches-valid": str(sum(file.branches for file in files)),
    }


def _rates(files: Sequence[CoveredFile]) -> dict[str, str]:
    totals = {name: int(count) for name, count in _totals(files).items()}
    return {
        "line-rate": _rate(totals["lines-covered"], totals["lines-valid"]),
        "branch-rate": _rate(totals["branches-covered"], totals["branches-valid"]),
    }


def _rate(part: int, whole: int) -> str:
    """Four decimals, rounded down, so that only all is 1; of nothing, all was seen."""
    thousandths = 10_000 * part // whole if whole else 10_000
    return f"{thousandths // 10_000}.{thousandths % 10_000:04d}"
