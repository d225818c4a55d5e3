-- Disagreements between departments' records.
{{ union_objections(
    [
        'int_legal_entity__object_to_corrected_values', 'int_legal_entity__object_to_records', 'int_legal_entity__object_to_numbers',
        'int_legal_entity__object_to_representatives',
    ],
    'entity_id'
) }}
