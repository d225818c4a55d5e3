-- Organisation codes that the registering authority corrected in a record of its own: what was said
-- under the old code is said of the entity of the new one, which keeps its id. A correction counts when
-- name or registration number agree between the versions, the old code was not corrected to two, and no
-- other current record carries it: none of the authority, and none of others with another name. Why one
-- does not count stands in refused_because.
{% set authority = 'legal_entity/enterprise_registration' %}
with versions as (
    select
        extract,
        record_key,
        version_no,
        organisation_code,
        registration_no,
        {{ comparable_entity_name('name') }} as name_key
    from {{ ref('int_legal_entity__describe_records') }}
    where organisation_code is not null
),

newest as (
    select * from versions
    qualify row_number() over (partition by extract, record_key order by version_no desc) = 1
),

changes as (
    select
        olds.record_key,
        olds.organisation_code as old_code,
        newest.organisation_code as new_code,
        coalesce(
            bool_or(olds.name_key = news.name_key or olds.registration_no = news.registration_no), false
        ) as is_alike
    from versions as olds
    inner join newest on olds.extract = newest.extract and olds.record_key = newest.record_key
    inner join versions as news
        on
            newest.extract = news.extract
            and newest.record_key = news.record_key
            and newest.organisation_code = news.organisation_code
    where olds.extract = '{{ authority }}' and olds.organisation_code <> newest.organisation_code
    group by all
),

-- names that the record never bore do not follow it
others as (
    select distinct
        changes.record_key,
        changes.old_code
    from changes
    inner join newest on changes.old_code = newest.organisation_code
    anti join versions
        on
            changes.record_key = versions.record_key
            and versions.extract = '{{ authority }}'
            and newest.extract <> '{{ authority }}'
            and newest.name_key = versions.name_key
)

select
    changes.record_key,
    changes.old_code,
    changes.new_code,
    case
        when count(*) over (partition by changes.old_code) > 1 then '旧代码在多条登记中更正'
        when not changes.is_alike then '名称与注册号都不同'
        when others.old_code is not null then '旧代码仍有其他登记'
    end as refused_because
from changes
left join others on changes.record_key = others.record_key and changes.old_code = others.old_code
