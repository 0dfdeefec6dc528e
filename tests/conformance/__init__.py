"""The meaning of expressions as data: *.yaml here, beside docs/semantics.md. Every back end runs the suite.

`suite` reads the entries, `world` makes the scope and the facts they speak of, `backends` lists what evaluates them.
"""
