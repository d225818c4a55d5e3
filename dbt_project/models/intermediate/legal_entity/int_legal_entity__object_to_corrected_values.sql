-- R-COR-01: a value that was corrected here and is still wrong at its source. R-COR-02: the source has
-- changed it to what nobody expected.
{{ object_to_corrections(ref('int_legal_entity__list_corrections'), 'entity_id') }}
