"""The results of a suite of cases as JSON.

In: a `SuiteResult`.  Out: plain data; each run with what it expected and got, and the explanation of those that failed.
"""

from __future__ import annotations

from engine.diagnostics import Diagnostic, Language
from engine.testing.model import CaseResult, Check, SuiteResult


def suite_json(found: SuiteResult, language: Language) -> dict[str, object]:
    return {
        "format": 1,
        "passed": found.passed,
        "cases": len({(result.case.policy, result.case.id) for result in found.results}),
        "runs": len(found.results),
        "failed": len(found.failed),
        "results": [_result(result, language) for result in found.results],
        "diagnostics": [_fault(one, language) for one in found.diagnostics],
    }


def _result(result: CaseResult, language: Language) -> dict[str, object]:
    run, case = result.run, result.case
    told: dict[str, object] = {
        "name": run.name,
        "case": case.id,
        "policy": case.policy,
        "target": run.target,
        "place": run.place or case.place,
        "file": case.file,
        "line": case.span.line,
        "why": case.why,
        "chain": list(result.chain),
        "passed": result.passed,
        "checks": [_check(check) for check in result.checks],
    }
    if run.difference is not None:
        told["differs"] = run.difference.why
    if result.faults:
        told["faults"] = [_fault(one, language) for one in result.faults]
    if not result.passed and result.decision is not None:
        told["decision"] = result.decision.to_dict(language)
    if not result.passed and result.refusal:
        told["refusal"] = [_fault(one, language) for one in result.refusal]
    return told


def _check(check: Check) -> dict[str, object]:
    return {
        "expects": ".".join((check.expected.kind, *check.expected.key)),
        "expected": check.expected.value,
        "got": check.got,
        "holds": check.holds,
    }


def _fault(found: Diagnostic, language: Language) -> dict[str, object]:
    told: dict[str, object] = {"severity": str(found.severity), "code": found.code}
    if found.span is not None:
        told |= {"file": found.span.source.name, "line": found.span.line, "column": found.span.column}
    elif found.path:
        told["path"] = found.path
    return told | {"message": found.message(language)}
