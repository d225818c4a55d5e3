-- Disagreements between departments' records.
{{ union_objections(
    ['int_population__object_to_deaths', 'int_population__object_to_records'],
    'person_id'
) }}
