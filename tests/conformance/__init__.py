"""What policies mean, as data, beside docs/semantics.md. Every back end runs the suite.

*.yaml here are entries of expressions, on the names of the policy in world/; programs/*.yaml are entries of whole
policies, each topic with its own beside it. `answer` says what a back end is and lists them; `suite` and `programs`
read the entries, `world` puts expressions into a policy, `household` and `comparable` read what is given and expected.
"""
