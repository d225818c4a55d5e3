-- Successive lists of divisions: in which unbroken run of lists a code stood under one identity
-- (name, level, parent), and on which date a list first lacked it. A code that a list names only in
-- a rejected row is neither there nor gone: that list says nothing about it. A list that states no
-- parent (column omitted, text blanked) states no other one: the parent is then the one by the digits.
with lists as (
    select
        delivery_id as list_id,
        business_date,
        row_number() over (order by business_date, delivery_order, delivery_id) as list_no
    from {{ source('raw', 'full_list') }}
    where extract = 'geospatial/division' and return_of is null
),

given as (
    select
        rows_of_lists.division_code,
        rows_of_lists.name,
        rows_of_lists.level,
        coalesce(
            rows_of_lists.parent_code, {{ parent_by_code('rows_of_lists.division_code') }}
        ) as parent_code,
        rows_of_lists.urban_rural_code,
        rows_of_lists.valid_from,
        rows_of_lists.valid_to,
        lists.list_no,
        lists.business_date
    from {{ source('raw', 'geospatial__division') }} as rows_of_lists
    inner join lists on rows_of_lists.list_id = lists.list_id
    qualify
        row_number() over (
            partition by lists.list_no, rows_of_lists.division_code, rows_of_lists.valid_from
            order by
                rows_of_lists.delivery_order desc,
                rows_of_lists.line desc,
                rows_of_lists.delivery_id desc
        ) = 1
),

silent as (
    select distinct
        refused.division_code,
        lists.list_no
    from {{ source('raw', 'rejected_key__geospatial__division') }} as refused
    inner join lists on refused.list_id = lists.list_id
    anti join given on refused.division_code = given.division_code and lists.list_no = given.list_no
),

speaking as (
    select
        codes.division_code,
        lists.list_no,
        lists.business_date,
        row_number() over (partition by codes.division_code order by lists.list_no) as known_no
    from (select distinct given.division_code from given) as codes
    cross join lists
    anti join silent
        on codes.division_code = silent.division_code and lists.list_no = silent.list_no
),

runs as (
    select
        given.*,
        speaking.known_no,
        speaking.known_no - dense_rank() over (
            partition by given.division_code, given.name, given.level, given.parent_code
            order by speaking.known_no
        ) as run
    from given
    inner join speaking
        on given.division_code = speaking.division_code and given.list_no = speaking.list_no
)

select
    runs.*,
    min(runs.business_date) over island as island_start,
    max(runs.known_no) over island as last_known_no,
    speaking.business_date as island_end,
    -- the newest list that speaks of the code has it
    speaking.business_date is null as is_listed,
    max(runs.list_no) over island
    < (select max(lists.list_no) from lists) and speaking.business_date is null as is_stale
from (
    select
        *,
        max(known_no) over (
            partition by division_code, name, level, parent_code, run
        ) as last_no
    from runs
) as runs
left join speaking
    on runs.division_code = speaking.division_code and runs.last_no + 1 = speaking.known_no
window island as (
    partition by runs.division_code, runs.name, runs.level, runs.parent_code, runs.run
)
