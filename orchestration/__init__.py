"""The night: which steps there are, in which order, and how they show in Dagster.

Belongs here: Dagster definitions (assets, checks, jobs, schedule, sensor), running dbt in process,
the decision that a night is idle, the summary of a night. Does not belong here: parsing files,
rules, SQL, anything that knows a column. `state` and `night` import neither Dagster nor dbt until
there is work.
"""
