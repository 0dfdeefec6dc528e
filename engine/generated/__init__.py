"""Steps as Python source, for households of which all is known that counts.

In: a `Program`, and in which steps its parameters move.  Out: a function, compiled once, from the values of a household
to those of the steps wanted; where something unknown is come by it has no answer, and the interpreter has.
May import program, language and the ground floor. Agrees with the interpreter, and imports nothing that decides.
"""
