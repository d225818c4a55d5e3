-- Per extract: how many rows came, and what became of them. Every current record is a row of its
-- conformed fact: nothing is resolved, nothing may be lost.
{{ reconcile('environment', ['air_quality_hourly', 'surface_water', 'emission_monitoring']) }}
