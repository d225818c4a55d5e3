-- One row per penalty: of the departments that tell of it the later business date speaks.
{{ choose_disclosures(
    'credit/administrative_penalty', 'cf_wsh', 'cf_xdr_mc', 'cf_cfjgdm', 'cf_cfjg'
) }}
