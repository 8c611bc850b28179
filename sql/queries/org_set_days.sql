-- Gives the days from $2 to $3 hours of their own; none means closed. A day that has some already takes the new ones.
insert into public.special_days (organization_id, special_date, hours, reason)
select
    $1,
    $2 + n.nth,
    $4,
    $5
from generate_series(0, $3 - $2) as n (nth)
on conflict (organization_id, special_date) do update
set hours = excluded.hours, reason = excluded.reason
