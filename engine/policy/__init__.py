"""Policy documents: from files to rules that may decide.

In: the text of policy and overlay files and of the tables beside them.
Out: `Policy` and `Overlay` as written (`build`), `MergedPolicy` along a chain (`overlay`), `CheckedPolicy` (`check`),
or Diagnostics. Only `check` makes a `CheckedPolicy`, and nothing else can decide a household.
May import language and the ground floor; `yaml_nodes` is the sole holder of yaml, `loader` the sole reader of files.
"""
