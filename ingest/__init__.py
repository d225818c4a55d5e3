"""Bytes from departments become accepted rows and receipts.

Belongs here: taking files from the inbox, decoding, reading, checking rows against contracts,
envelopes, receipts and returns, the accepted rows as the warehouse sees them.
Does not belong here: Dagster, dbt, Great Expectations, anything that knows a product.

The way of one file: `inbox` finds it → `taking` moves it into the archive → `containers`,
`decode`, `csvfile` or `sheet` read it into a `Table` → `headers` map its columns → `evaluate`
normalises, types and checks → `rows` decides each row → `envelope` decides the delivery →
`receipt` and `returns` answer → the ledger knows. `service` holds these together.
"""
