-- One row per entity with the chosen value of each attribute.
{{ pivot_chosen('legal_entity', ref('int_legal_entity__list_candidates'), 'entity_id') }}
