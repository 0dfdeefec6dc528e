"""Tests of the policy floor: bad files told exactly, overlays merged by the table, values by their days."""
