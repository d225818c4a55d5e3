"""The written part of each product's suite: `suites/<domain>/<product>.py` with a tuple `SUITE`.

Belongs here: what the contract cannot say: relations between products, between columns of one row,
uniqueness beyond the key. Does not belong here: what the contract says (`base.py` makes it), and
row rules of extracts.
"""
