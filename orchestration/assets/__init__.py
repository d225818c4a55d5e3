"""The assets: extracts as they come in, and what the warehouse makes of them.

Belongs here: Dagster's view of the steps in `orchestration.steps`. Does not belong here: the steps
themselves, or any decision of theirs.
"""
