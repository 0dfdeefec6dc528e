"""Whether all ways of deciding agree: the interpreter, code that decides one household, and whoever decides tables.

Households are drawn from what a policy set declares, or policies are drawn too; both come as dicts and as tables. Every
answer is held against the interpreter's, row by row and column by column, and of refusals reason by reason. CI draws a
few with new seeds; `python -m tests.agreement` draws as many as it is told.
"""
