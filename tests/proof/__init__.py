"""Whether the solver's copy of the rules is theirs: encodings held against the interpreter, claims against households.

Policies and households are drawn; every encoded step has to be worth what the interpreter says, every witness has to
replay, and what is proved has to hold of whatever is drawn. CI draws a few with new seeds; `python -m tests.proof`
draws as many as it is told.
"""
