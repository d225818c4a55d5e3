-- Per extract: how many rows came, and what became of them. Every current record is part of one row
-- of its conformed fact: nothing may be lost.
{{
    reconcile(
        'credit',
        ['administrative_permit', 'administrative_penalty', 'dishonest_judgment_debtor']
    )
}}
