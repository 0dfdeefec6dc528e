"""What becomes of screened households: files, summaries, and runs that can be taken up again.

In: parts of a source, and what decides them.  Out: the results in one of four forms, what was refused beside them, and
counts. Each part is decided on whichever thread is free and written in its order; never more than a few are in memory.
Imports evaluation, policy and the ground floor; pyarrow, numpy and xlsxwriter in modules that are imported on use.
"""
