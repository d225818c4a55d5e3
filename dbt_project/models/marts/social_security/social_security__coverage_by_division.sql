-- Coverage of each insurance by county and month, over both sexes and all age bands.
select
    division_code,
    month,
    insurance_type_code,
    cast(sum(residents_of_age) as bigint) as residents_of_age,
    cast(sum(enrolled) as bigint) as enrolled,
    cast(sum(enrolled) * 1.0 / sum(residents_of_age) as decimal(7, 6)) as coverage_rate
from {{ ref('social_security__coverage_by_group') }}
group by division_code, month, insurance_type_code
