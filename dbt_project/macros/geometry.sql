{# Geometry is WKB in a BLOB (2D, CGCS2000 longitude and latitude in degrees), valid and normalised
   by ingest. Functions of the ellipsoid want latitude first; that of WGS 84 differs from CGCS2000's
   by less than a hundred-millionth in area. #}
{% macro geometry_of(column) -%}
    st_geomfromwkb({{ column }})
{%- endmacro %}

{# Area on the ellipsoid in square metres. #}
{% macro ellipsoidal_area_m2(geometry) -%}
    st_area_spheroid(st_flipcoordinates({{ geometry }}))
{%- endmacro %}

{# A stated division and one found agree when one lies within the other. NULL: nothing was found,
   or nothing stated. #}
{% macro divisions_agree(stated, found) -%}
    starts_with({{ stated }}, {{ found }}) or starts_with({{ found }}, {{ stated }})
{%- endmacro %}

{# Where points lie: for each row of `points` (location_id, stated_division_code, longitude,
   latitude) the finest listed boundary that holds it. On a border the stated division decides, then
   the lower code. A city's own boundary (code ending in 00) tells only that it lies in the city. #}
{% macro locate_points(points) -%}
    with boundaries as (
        select
            division_code,
            {{ geometry_of('geometry') }} as shape,
            business_date
        from {{ ref('stg_geospatial__division_boundary') }}
        where is_listed
    ),

    points as (
        select
            *,
            st_point(longitude, latitude) as spot
        from {{ points }}
        where longitude is not null and latitude is not null
    ),

    hits as (
        select
            points.location_id,
            boundaries.division_code,
            boundaries.business_date
        from points
        inner join boundaries on st_intersects(boundaries.shape, points.spot)
    ),

    finest as (
        select
            hits.*,
            points.stated_division_code
        from hits
        inner join points on hits.location_id = points.location_id
        qualify
            row_number() over (
                partition by hits.location_id
                order by
                    length(rtrim(hits.division_code, '0')) desc,
                    ({{ divisions_agree('points.stated_division_code', 'hits.division_code') }}) desc
                    nulls last,
                    hits.division_code asc
            ) = 1
    )

    select
        points.location_id,
        finest.division_code as located_division_code,
        coalesce(finest.business_date, (select max(boundaries.business_date) from boundaries))
            as boundary_date,
        case
            when finest.division_code is not null
                then {{ divisions_agree('points.stated_division_code', 'finest.division_code') }}
            -- outside every boundary is outside the city
            when (select count(*) from boundaries) > 0 then false
        end as is_division_consistent
    from points
    left join finest on points.location_id = finest.location_id
{%- endmacro %}
