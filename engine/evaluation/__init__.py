"""Decisions: one household against a checked policy.

In: a `CheckedPolicy` and a household JSON.  Out: a `Decision` with a reason for every condition, or the household is
refused with Diagnostics. `interpreter` is the reference meaning; other back ends agree with it.
May import generated, program, policy, language and the ground floor.
"""
