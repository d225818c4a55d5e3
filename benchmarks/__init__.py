"""Benchmarks: ratios measured in one run, on the machine at hand.

Belongs here: programs that make their own data with the simulator, time the pipeline against a
plain yardstick in the same run, and print what they saw. Does not belong here: anything that a
test asserts (no test depends on a clock), and anything the pipeline imports.

    python -m benchmarks            # all
    python -m benchmarks ingest     # bytes of a delivery to accepted rows, against bare Polars
    python -m benchmarks nightly    # where the time of a night goes
"""
