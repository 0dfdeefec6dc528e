"""Steps as Python source.

In: a `Program`, and in which steps its parameters move; or a single expression.  Out: a function, compiled once, from
the values of a household to those of the steps wanted (`compiled`): where something unknown is come by it has no
answer, and the interpreter has. Or the function of one step, whatever is unknown (`steps`).
May import program, language and the ground floor. Agrees with the interpreter, and imports nothing that decides.
"""
