"""Whether all ways of deciding agree: the interpreter, and whoever decides whole tables.

Households are drawn from what a policy set declares, or policies are drawn too; both come as dicts and as tables. Every
answer is held against the interpreter's, row by row and column by column. CI draws a few with new seeds;
`python -m tests.agreement` draws as many as it is told.
"""
