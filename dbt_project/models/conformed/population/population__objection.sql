-- Disagreements between departments' records.
{{ union_objections(
    [
        'int_population__object_to_corrected_values', 'int_population__object_to_corrections',
        'int_population__object_to_death_dates', 'int_population__object_to_deaths', 'int_population__object_to_marriages',
        'int_population__object_to_permits', 'int_population__object_to_records',
    ],
    'person_id'
) }}
