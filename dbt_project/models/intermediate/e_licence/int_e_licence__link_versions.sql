-- Which licence replaces which, and which is nobody's predecessor. A predecessor that never came
-- stays named. Licences that replace one another in a circle leave the one issued last as current:
-- the link that says it was replaced does not count.
with recursive edges as (
    select
        licence_identifier,
        previous_identifier as replaces_identifier,
        issued_date,
        updated_at
    from {{ ref('stg_e_licence__licence') }}
),

-- only what replaces and is replaced can stand in a circle
inner_edges as (
    select
        edges.licence_identifier,
        edges.replaces_identifier
    from edges
    where
        edges.replaces_identifier in (select known.licence_identifier from edges as known)
        and edges.licence_identifier in (
            select known.replaces_identifier
            from edges as known
            where known.replaces_identifier is not null
        )
),

walks as (
    select
        licence_identifier as origin,
        replaces_identifier as reached
    from inner_edges
    union
    select
        walks.origin,
        inner_edges.replaces_identifier as reached
    from walks
    inner join inner_edges on walks.reached = inner_edges.licence_identifier
),

circles as (
    select
        origin as licence_identifier,
        min(reached) as circle
    from walks
    group by origin
    having bool_or(origin = reached)
),

newest as (
    select
        circles.licence_identifier,
        circles.circle
    from circles
    inner join edges on circles.licence_identifier = edges.licence_identifier
    qualify
        row_number() over (
            partition by circles.circle
            order by
                edges.issued_date desc,
                edges.updated_at desc nulls last,
                edges.licence_identifier desc
        ) = 1
),

links as (
    select
        edges.licence_identifier,
        edges.replaces_identifier,
        newest.licence_identifier is not null as closes_circle
    from edges
    left join circles on edges.licence_identifier = circles.licence_identifier
    left join newest
        on edges.replaces_identifier = newest.licence_identifier and circles.circle = newest.circle
)

select
    links.licence_identifier,
    nullif(links.replaces_identifier, links.licence_identifier) as replaces_identifier,
    links.closes_circle,
    links.licence_identifier not in (
        select counted.replaces_identifier
        from links as counted
        where counted.replaces_identifier is not null and not counted.closes_circle
    ) as is_current_version
from links
