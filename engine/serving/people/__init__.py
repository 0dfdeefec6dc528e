"""Who asks, and what they may.

In: headers, cookies, the file of users.  Out: a `Person` on every request; what may not be is refused here.
Imports the ground floor.
"""
