{{ config(materialized='view') }}
-- Every candidate of every value, with the one that is chosen.
{{ list_candidates(
    'legal_entity',
    ref('int_legal_entity__rank_statements'),
    ref('int_legal_entity__list_corrections')
) }}
