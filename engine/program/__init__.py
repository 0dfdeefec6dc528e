"""What a policy means, said once: the floor that every back end stands on.

In: a `CheckedPolicy`.  Out: its `Program`: inputs, steps in the order of working, the outcome, and nothing to look up
by name. Whoever works a program out, proves it or writes it in another language folds over the steps and looks at no
merged policy again. `invariants` says what such a fold may rely on.
May import policy, language and the ground floor.
"""
