"""Expressions: from text to a typed core.

In: the text of an expression with its place in a file, and a `Scope` of declared names.
Out: a surface tree (`ast`), its print in Chinese or English (`printer`), the typed core (`core`), or Diagnostics.
May import the ground floor only; `parser` is the sole holder of lark. Sees no YAML and no household.
"""
