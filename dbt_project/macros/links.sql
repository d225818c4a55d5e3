{# Which subject of the base libraries a party of a theme's record is. Parties come as a relation with
   party_key, resident_id, uscc, organisation_code, registration_no (each NULL where there is none):
   a person by a resident number; an entity by the organisation code (inside the social credit code),
   else by a registration number that one entity alone has. Nobody is made of a party that those
   libraries do not know. CTEs: parties linked by `link_parties('<cte>')` in linked_parties. #}
{% macro link_parties(parties) -%}
    known_persons as (
        {{ numbered_persons() }}
    ),

    known_entities as (
        select distinct
            anchors.subject_key,
            anchors.entity_id
        from {{ ref('int_legal_entity__anchor_subjects') }} as anchors
        where
            anchors.is_anchor
            and anchors.entity_id in (
                select records.entity_id from {{ ref('int_legal_entity__rank_records') }} as records
            )
    ),

    known_numbers as (
        select
            registration_no,
            min(entity_id) as entity_id
        from {{ ref('int_legal_entity__rank_records') }}
        where registration_no is not null
        group by registration_no
        having count(distinct entity_id) = 1
    ),

    linked_parties as (
        select
            parties.party_key,
            persons.person_id,
            coalesce(entities.entity_id, numbers.entity_id) as entity_id
        from {{ parties }} as parties
        left join known_persons as persons on parties.resident_id = persons.resident_id
        left join known_entities as entities
            on
                'organisation_code:' || coalesce(substr(parties.uscc, 9, 9), parties.organisation_code)
                = entities.subject_key
        left join known_numbers as numbers on parties.registration_no = numbers.registration_no
    )
{%- endmacro %}

{# The person whom each resident number names; one that no current record mentions names nobody. #}
{% macro numbered_persons() -%}
    select
        links.resident_id,
        links.person_id
    from {{ ref('int_population__link_persons') }} as links
    where
        links.person_id in (
            select mentions.person_id from {{ ref('int_population__rank_mentions') }} as mentions
        )
{%- endmacro %}
