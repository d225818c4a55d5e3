-- Whose every record is that was ever known: of a current record by its link; of one that was
-- deleted, or stood only in a delivery that was replaced or withdrawn, by the newest number in it.
with current_mentions as (
    select
        extract,
        record_key,
        role
    from {{ ref('int_population__list_mentions') }}
),

numbered as (
    {% for table, key, role, number, id_type in [
        ('household_registration', 'person_no', '本人', 'resident_id', none),
        ('residence_permit', 'registration_no', '本人', 'resident_id', none),
        ('marriage_registration', 'registration_no', '男方', 'husband_resident_id', 'husband_id_type'),
        ('marriage_registration', 'registration_no', '女方', 'wife_resident_id', 'wife_id_type'),
        ('death_certificate', 'certificate_no', '本人', 'resident_id', none),
        ('cremation', 'cremation_no', '本人', 'resident_id', 'id_type'),
        ('birth_certificate', 'certificate_no', '母亲', 'mother_resident_id', 'mother_id_type'),
        ('birth_certificate', 'certificate_no', '父亲', 'father_resident_id', 'father_id_type'),
    ] %}
        {% for prefix in ['', 'past__'] %}
            select
                'population/{{ table }}' as extract,
                {{ key }} as record_key,
                '{{ role }}' as role,
                {{ resident_number(number, id_type) }} as resident_id,
                business_date
            from {{ source('raw', prefix ~ 'population__' ~ table) }}
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

former as (
    select
        extract,
        record_key,
        role,
        arg_max(resident_id, row(business_date, resident_id)) as resident_id
    from numbered
    where
        resident_id is not null
        and row(extract, record_key, role) not in (
            select row(current_mentions.extract, current_mentions.record_key, current_mentions.role)
            from current_mentions
        )
    group by extract, record_key, role
)

select
    person_id,
    extract,
    record_key,
    role
from {{ ref('int_population__rank_mentions') }}
union all
select
    links.person_id,
    former.extract,
    former.record_key,
    former.role
from former
inner join {{ ref('int_population__link_persons') }} as links on former.resident_id = links.resident_id
