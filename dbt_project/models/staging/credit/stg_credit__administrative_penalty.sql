-- One row per record and department: several departments may tell of the same decision.
with source as (
    {{
        stage_append(
            source('raw', 'credit__administrative_penalty'),
            ['provider', 'cf_wsh', 'cf_xdr_mc', 'cf_cfjgdm']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        cf_wsh,
        cf_xdr_mc,
        cf_cfjgdm,
        cf_xdr_shxym,
        cf_xdr_gszc,
        cf_xdr_zzjg,
        cf_xdr_swdj,
        cf_xdr_sydw,
        cf_xdr_shzz,
        cf_xdr_zjlx,
        cf_xdr_zjhm,
        cf_fr_zjlx,
        cf_fr_zjhm,
        cf_sjlydm,
        ---------- dates and times
        cf_jdrq,
        cf_yxq,
        cf_yxq_is_long_term,
        cf_gsjzq,
        cf_gsjzq_is_long_term,
        ---------- codes and numbers
        cf_xdr_lb,
        cf_cflb,
        cf_cflb2,
        cf_nr_fk,
        cf_nr_wfff,
        cf_zt_2015,
        ---------- texts
        cf_frdb,
        cf_wfxw,
        cf_sy,
        cf_yj,
        cf_nr,
        cf_nr_zkdx,
        cf_cfjg,
        cf_sjly,
        cf_cfmc,
        bz,
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
