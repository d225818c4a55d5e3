-- One row per permit: of the departments that tell of it the later business date speaks.
{{ choose_disclosures(
    'credit/administrative_permit', 'xk_wsh', 'xk_xdr_mc', 'xk_xkjgdm', 'xk_xkjg'
) }}
