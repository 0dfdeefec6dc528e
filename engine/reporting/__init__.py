"""Results as text for people and as JSON for programs.

In: decisions, refusals and merged policies.  Out: text; nothing is printed here and nothing is decided here.
May import the result types of evaluation and policy, `language.printer` and the ground floor.
"""
