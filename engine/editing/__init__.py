"""The language service: what an editor asks of policy files while they are written.

In: folders, and the texts over them that are not saved yet.  Out: small frozen results with spans of characters; no
type of any protocol.
May import testing (results), writing, program, policy, language and the ground floor.
"""
