"""Native code from programs: one loop over the buffers of a batch, without the interpreter's lock.

In: programs, the values in force, and Arrow's columns.  Out: for each row codes of truths and figures, or that the
interpreter has to say.
  ir          LLVM's language, an operation at a time, each with the range of what it can come to
  arithmetic  numbers between two ends, truths, codes; `dates` likewise
  lowering    a program's expressions in these; `gathering` its aggregates, `lookups` what it looks up
  blocks      values in force, as whole numbers in a row
  columns     what a batch holds, as addresses
  program     a program's function: what is read, refused, worked out and put where
  machine     text to code
  deciding    batches routed to programs
May import program, evaluation, policy, language and the ground floor.
"""
