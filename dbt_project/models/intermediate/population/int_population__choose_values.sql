-- One row per person with the chosen value of each attribute.
{{ pivot_chosen('population', ref('int_population__list_candidates'), 'person_id') }}
