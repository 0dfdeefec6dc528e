"""An independent judge: the contract's words in plain Python, and what is drawn to hold the engine against it.

`oracle` decides one household, `territories` gives counties with standards, `households` draws households,
`completions` fills in what is not known. Only the `test_` modules import the engine.
"""
