"""A pretend city whose departments write extracts, with the truth kept beside.

Belongs here: the town's people and firms and how they change, the departments' habits, the damage
they do, and the truth to compare with. Does not belong here: reading files, judging rows, anything
of the run-time pipeline. Imported by the command line, tests and benchmarks only; imports
`catalog` and `foundation`.
"""

from simulator.run import Summary, simulate

__all__ = ["Summary", "simulate"]
