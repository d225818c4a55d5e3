-- Corrections (人工更正) and whether each still stands: active, mended, changed, not_found, superseded
-- or withdrawn.
{{ list_corrections('legal_entity', ref('int_legal_entity__rank_statements')) }}
