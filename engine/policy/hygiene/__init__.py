"""Hygiene: what is not wrong in a policy, but untidy, misleading, or likely a slip.

In: a `Library` whose documents were checked, and their slices.  Out: the same findings with those of the hygiene rules,
each as severe as the folder's `hygiene.yaml` has it, less those that it leaves out with a reason.
`survey` runs the rules; each rule is a module of its own: `use`, `conditions`, `constants`, `labels`, `sources`,
`characters`. A finding never stops a household from being decided.
May import policy, language and the ground floor.
"""
