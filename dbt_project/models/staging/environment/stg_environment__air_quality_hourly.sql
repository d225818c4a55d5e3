with source as (
    {{ stage_append(source('raw', 'environment__air_quality_hourly'), ['station_code', 'observed_at']) }}
),

renamed as (
    select
        ---------- keys and identifiers
        station_code,
        ---------- dates and times
        observed_at,
        ---------- codes and numbers
        so2,
        no2,
        pm10,
        pm25,
        co,
        o3,
        ---------- texts
        station_name,
        area_name,
        ---------- where it comes from
        provider,
        delivery_id,
        line,
        business_date,
        delivery_order,
        as_given,
        is_corrected
    from source
)

select * from renamed
