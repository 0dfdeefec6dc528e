"""The pages of the workbench, a module each.

In: requests.  Out: pages; each works by plain links and posts. What a page shows is worked out in modules of its own,
which know nothing of requests. Imports view, desk and those modules.
"""
