"""Whole populations screened: tables of households in, tables of answers out.

In: a checked library and Arrow tables, or files that become such.  Out: for each row what a decision says of it, in
codes and figures. What the native kernel cannot take (a row to refuse, numbers without bound) the interpreter decides,
and it is counted. Needs the extra `screen`; every library of it is imported on use.
May import evaluation, program, policy, language and the ground floor.
"""
