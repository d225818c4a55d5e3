-- Licences that disagree with other records or with each other.
{{ union_objections(
    ['int_e_licence__object_to_holders', 'int_e_licence__object_to_licences'],
    'person_id, entity_id'
) }}
