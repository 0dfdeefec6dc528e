"""What a change of the rules does, proved: for which households two policies differ, or that there is none.

The data's way: two cells of checked policies -> `shared` (what only one side publishes, both have) -> `World`, the facts
of any complete household of so many members as variables -> `Encoding` of each side's Program over that one world ->
`asking`, a solver that is asked whether outcome, causes and figures can differ, one direction after the other ->
`witness`, the plainest household that differs -> `replay`, both interpreters -> `compared`, what is told.
A household is complete: its facts are known, so that truths are two-valued; by the refinement law nothing is lost for
households with unknowns. Amounts are whole fen, a quotient is a whole number over a positive one, and household size is
a constant within a case, so that what the policies of this kind say is linear. What cannot be said so is `Unanalysed`,
with its place: nothing is guessed, and a solver that gives up within its limit is told as such.
The library z3 is an extra, `doudi[proof]`: modules that need it are imported on use, after `extra` was asked.
"""
