-- Per extract: how many rows came, what became of them. A record mentions one entity.
{{ reconcile(
    'legal_entity',
    ['enterprise_registration', 'public_institution', 'social_organisation', 'tax_registration'],
    mentions='int_legal_entity__list_records',
    identified='int_legal_entity__rank_records'
) }}
