"""The command `tongchuan`.

Belongs here: arguments, options, help, what is printed, exit codes. Does not belong here: logic.
Dagster, dbt and Great Expectations are imported only by commands that need them.
"""
