-- From when until when each statement that still counts holds, and how much it is believed.
{% set known %}(
    select * from {{ ref('int_population__list_statements') }}
    where known_until is null
) as known{% endset %}
{{ statement_periods(known, ref('int_population__list_corrections')) }}
