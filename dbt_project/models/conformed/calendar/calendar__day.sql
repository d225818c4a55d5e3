-- Every day of the years whose holiday notices are known. working_day_no counts the working days up
-- to and with the day: the working days after day A up to day B are the difference of their numbers.
select
    day,
    is_working_day,
    is_holiday,
    holiday_name,
    is_make_up_day,
    cast(
        sum(case when is_working_day then 1 else 0 end) over (
            order by day rows between unbounded preceding and current row
        ) as integer
    ) as working_day_no
from {{ ref('int_calendar__list_days') }}
