-- Every version of every record ever accepted, with all that linking compares.
with versions as (
    {% for register in entity_registers() %}
        {{ entity_versions(register) }}
        {{ 'union all by name' if not loop.last }}
    {% endfor %}
)

select
    *,
    extract || '|' || record_key || '|主体' as record_id
from versions
