-- Per extract: how many rows came, what became of them. A record mentions one person or several.
{{ reconcile(
    'population',
    [
        'birth_certificate', 'cremation', 'death_certificate', 'household_registration',
        'marriage_registration', 'residence_permit',
    ],
    mentions='int_population__list_mentions',
    identified='int_population__rank_mentions'
) }}
