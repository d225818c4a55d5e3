-- One row per record and department: several departments may tell of the same decision.
with source as (
    {{
        stage_append(
            source('raw', 'credit__administrative_permit'),
            ['provider', 'xk_wsh', 'xk_xdr_mc', 'xk_xkjgdm']
        )
    }}
),

renamed as (
    select
        ---------- keys and identifiers
        xk_wsh,
        xk_xdr_mc,
        xk_xkjgdm,
        xk_xdr_shxym,
        xk_xdr_gszc,
        xk_xdr_zzjg,
        xk_xdr_swdj,
        xk_xdr_sydw,
        xk_xdr_shzz,
        xk_xdr_zjlx,
        xk_xdr_zjhm,
        xk_fr_zjlx,
        xk_fr_zjhm,
        xk_lydwdm,
        ---------- dates and times
        xk_jdrq,
        xk_yxqz,
        xk_yxqzi,
        xk_yxqzi_is_long_term,
        ---------- codes and numbers
        xk_xdr_lb,
        xk_xklb,
        xk_zt,
        xk_zt_2015,
        ---------- texts
        xk_frdb,
        xk_xkws,
        xk_xkzs,
        xk_xkbh,
        xk_nr,
        xk_xkjg,
        xk_lydw,
        xk_xmmc,
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
