"""Files as bureaus have them, read into batches of households.

In: paths (files, folders, patterns), the policies that will decide, a mapping file or none.  Out: a `Source`: batches
in the policies' columns, part by part, and beside each the rows that could not become a household, with row, field and
reason. A row means what the same household as JSON means: an absent column is an absent field, a blank cell unknown.
Nothing is guessed in silence: what a column was taken for is in `Source.notes`, what could not be placed is a fault.
Begin at `source.open_source`. May import evaluation, policy, language and the ground floor.
"""
