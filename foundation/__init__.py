"""What every room stands on: paths, the clock, keys, atomic files, locks, errors.

Belongs here: mechanics without any knowledge of the domain, used by more than one room.
Does not belong here: contracts, rules, SQL, anything that knows what a delivery or a product is.
Imports no other room.
"""
