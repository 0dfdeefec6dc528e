"""Drafts: texts that are worked on, beside the published folder and never in it, and their way into it.

In: texts of persons.  Out: drafts, conflicts, differences; a publication that is whole or did not happen.
Imports people, editing, testing, reporting and below; nothing of requests.
"""
