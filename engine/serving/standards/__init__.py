"""Published figures as a grid by county, and those of a new year taken in: what the pages of standards show and do.

In: a snapshot of the rules, what was typed, pasted or uploaded.  Out: frozen results for templates, and texts for a
draft. Knows nothing of requests. May import editing, writing and below.
"""
