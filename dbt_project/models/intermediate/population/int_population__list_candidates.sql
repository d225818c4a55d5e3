{{ config(materialized='view') }}
-- Every candidate of every value, with the one that is chosen.
{{ list_candidates(
    'population',
    ref('int_population__rank_statements'),
    ref('int_population__list_corrections')
) }}
