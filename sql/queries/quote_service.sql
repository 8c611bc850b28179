-- What a service ($2) takes and costs, and whether the business comes to a postal code ($3); null when the code is not known and it
-- depends on it. A row even without a service.
select
    private.serves(k.postal_codes, $3) as comes_there,
    s.name,
    s.name_es,
    s.duration_minutes,
    s.price_from,
    s.price_to
from private.calendars as k
left join public.services as s on s.organization_id = k.organization_id and s.id = $2
where k.organization_id = $1
