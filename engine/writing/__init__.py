"""Writing aids: `fmt`, `fix` and `new`, which change or make policy files and decide nothing.

In: the text of policy files, case files and a bureau's tables.  Out: texts to be written, edits made by spans so that
whatever is not meant to change stays byte for byte, or Diagnostics. `cli` writes the files.
May import: policy, language, ground.
"""
