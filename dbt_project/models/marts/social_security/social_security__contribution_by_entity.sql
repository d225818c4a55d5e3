-- Contributions and arrears of each legal entity, over all its accounts with the office.
select
    entity_id,
    month,
    insurance_type_code,
    cast(count(*) as bigint) as accounts,
    cast(sum(persons) as bigint) as persons,
    cast(sum(due_cny) as decimal(20, 2)) as due_cny,
    cast(sum(received_cny) as decimal(20, 2)) as received_cny,
    cast(sum(arrears_cny) as decimal(20, 2)) as arrears_cny,
    cast(sum(unknown_amounts) as bigint) as unknown_amounts
from {{ ref('social_security__contribution_by_employer') }}
where entity_id is not null
group by entity_id, month, insurance_type_code
