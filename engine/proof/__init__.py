"""What a change of the rules does, proved: for which households two policies differ, or that there is none.

The data's way: two rule sets (`sides`), cell by cell, where what only one publishes both have -> `groups` of cells of
the same rules, in which the values that both look up alike are free -> a `World`, the facts of any complete household
of so many members as variables -> an `Encoding` of each side's Program over that one world -> a `Question` to the
solver, whether outcome, cause or figure can differ, one direction after the other -> `witness`, the plainest household,
which both interpreters decide before it counts -> `compared`. Before that `anysize` tries to prove it of families of
any size, with whatever goes over items left open. `promises` asks the same of each change of an overlay, by whatever
was known, and `keeping` first for any value that is allowed.
One rule set alone: a `Scope` for each set of rules in it -> `claims` (what never holds or says nothing), `neighbours`
(two households that differ in one amount) and `alternatives` (changes and readings, compared as above) -> `analysis`.
A household is complete: its facts are known, so that truths are two-valued; by the refinement law nothing is lost for
households with unknowns. Amounts are whole fen, a quotient is a whole number over a positive one, and household size is
a constant within a case, so that what the policies of this kind say is linear. What cannot be said so is `Unanalysed`,
with its place: nothing is guessed, and a solver that gives up within its limit is told as such.
The library z3 is an extra, `doudi[proof]`: modules that need it are imported on use, after `extras` was asked.
"""
