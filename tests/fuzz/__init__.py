"""Seeded fuzzing of what strangers send: policy files, expressions, households.

Whatever comes in, the answer is a result or one of the typed errors, soon. `mutations` spoils texts, `watchdog`
bounds each run in time. The number of runs stands at the top of each test module; `DOUDI_FUZZ=20` does twenty times
as many, with other seeds. What was found stays in `finds/`, replayed by each module.
"""
