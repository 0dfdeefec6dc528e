"""Sums over all answers: by place, cause, outcome and refusal; and ids that stand more than once.

In: batches of households with their answers.  Out: `Totals`. What is kept does not grow with the table, but for eight
bytes an id. Imports this floor.
"""

from __future__ import annotations
