-- Corrections (人工更正) and whether each still stands: active, mended, changed, not_found, superseded
-- or withdrawn.
{{ list_corrections('population', ref('int_population__rank_statements')) }}
