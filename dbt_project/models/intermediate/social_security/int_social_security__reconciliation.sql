-- Per extract: how many rows came, and what became of them. Every current record is a row of its
-- conformed fact or counted in one: nothing is resolved, nothing may be lost.
{{ reconcile('social_security', ['employer', 'insured_person', 'contribution', 'benefit_payment']) }}
