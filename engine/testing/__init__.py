"""Policy cases: households with the answer that must be found, run against the policies they are of.

In: case files (`grammar/cases.schema.json`) and loaded policies.  Out: `Suite`, `CaseResult`s, diagnostics.
`model` says what cases and results are, `read` makes cases of files, `run` decides them; `coverage` and `mutate` ask
how strong they are. `record` and `replay` do the like for decisions that were stored: `basis` is what a decision rested
on, `undoing` puts a rule back as it was.
May import evaluation, policy, language and the ground floor; never `api`: whoever runs cases passes the policies in.
"""
