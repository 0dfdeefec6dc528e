"""What would have to be otherwise for the answer to be another, found exactly for one household.

The data's way: the facts of a household -> `Ground`, which judges it with some of them changed, each to a value or to a
whole range of values -> `axes`, what can be changed and how far -> `turning`, the nearest changes of a decided
household; `settling`, what would settle one that is not decided -> `asked`, which replays each of them through the
reader and the interpreter before it is told, as `results`.
No solver is needed: the interpreter works a range out at once, so that what holds of a range holds of all in it, and
halving finds the last value before the answer turns. A range that is not decided is halved until it is; where that
takes more than a fixed amount of work, it is told that not everything was looked at.
May import evaluation, program, policy, language and the ground floor.
"""
