-- One row per division and period of validity: [valid_from, valid_to). Dates that a list states win;
-- else a division is in force from the business date of the first list that has it, until the first
-- list that lacks it or gives the code to another. What no list says comes from the code list.
with islands as (
    select * from {{ ref('int_geospatial__list_division_islands') }}
),

-- a start that an earlier list stated stays where a later list states another: it is part of the key
stated as (
    select
        *,
        coalesce(
            list_no = max(list_no) filter (where valid_from is not null) over island, true
        ) as is_newest_stated,
        bool_or(valid_from is not null) over island as has_stated,
        first_value(urban_rural_code ignore nulls) over (
            partition by division_code, name, level, parent_code, run
            order by list_no desc, valid_from desc nulls last
            rows between unbounded preceding and unbounded following
        ) as newest_urban_rural_code
    from islands
    window island as (partition by division_code, name, level, parent_code, run)
),

periods as (
    select
        division_code,
        name,
        level,
        parent_code,
        newest_urban_rural_code as urban_rural_code,
        valid_from is not null as is_stated,
        coalesce(valid_from, least(island_start, coalesce(valid_to, island_start))) as starts,
        valid_to as stated_end,
        island_end,
        list_no,
        is_listed and is_newest_stated as is_listed,
        is_stale
    from stated
    where valid_from is not null or not has_stated
    qualify
        row_number() over (
            partition by division_code, starts
            order by island_start desc, list_no desc, is_stated desc, name asc
        ) = 1
),

earliest as (
    select * from periods
    qualify row_number() over (partition by division_code, name order by starts) = 1
),

former as (
    select
        former.*,
        earliest.starts as merged_starts
    from {{ ref('division_former') }} as former
    left join earliest
        on
            former.code = earliest.division_code
            and former.name = earliest.name
            and not earliest.is_stated
            and former.valid_from < earliest.starts
            and (
                former.valid_to is null
                or former.valid_to >= earliest.starts
                or earliest.stated_end is not null
            )
    -- history completes what was delivered: of nothing it makes nothing
    where (select count(*) from islands) > 0
),

every_period as (
    select
        periods.* exclude (starts),
        coalesce(former.valid_from, periods.starts) as starts
    from periods
    left join former
        on
            periods.division_code = former.code
            and periods.name = former.name
            and periods.starts = former.merged_starts
    union all by name
    select
        former.code as division_code,
        former.name,
        former.level,
        coalesce(former.parent, {{ parent_by_code('former.code') }}) as parent_code,
        cast(null as varchar) as urban_rural_code,
        true as is_stated,
        former.valid_from as starts,
        former.valid_to as stated_end,
        cast(null as date) as island_end,
        cast(null as bigint) as list_no,
        false as is_listed,
        false as is_stale
    from former
    anti join periods
        on
            former.code = periods.division_code
            and former.name = periods.name
            and (periods.is_stated or former.valid_from >= periods.starts)
    where former.merged_starts is null
),

ended as (
    select
        *,
        coalesce(
            stated_end,
            least(island_end, lead(starts) over (partition by division_code order by starts, name))
        ) as valid_to
    from every_period
)

select
    division_code,
    starts as valid_from,
    valid_to,
    name,
    level,
    parent_code,
    urban_rural_code,
    is_listed,
    is_stale
from ended
-- two lists of one day leave a period of no day
where is_stated or stated_end is not null or valid_to is null or valid_to > starts
