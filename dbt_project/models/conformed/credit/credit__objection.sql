-- Permits, penalties and debtors that disagree with the register of entities or with themselves.
{{ union_objections(['int_credit__object_to_records'], 'entity_id') }}
