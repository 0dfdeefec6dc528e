"""A local condition by a guided form: choices that make an expression, and an expression read back as choices.

In: a snapshot of the rules, what was chosen.  Out: frozen results for templates, and the overlay's changed text.
Knows nothing of requests. What the form cannot say is written as an expression.
May import editing, writing and below.
"""
