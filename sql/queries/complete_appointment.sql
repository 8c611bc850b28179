-- Adds what a caller said later to the appointment ($2) of their call ($3): address ($4), postal code ($5), description ($6), e-mail ($7)
-- and telephone number ($8), as far as they are given. What the customer's record lacks of it is added there too. Nothing is added where the
-- organization does not come to the postal code, or when the appointment is another call's or not live any more.
with area as (
    select private.serves(k.postal_codes, $5) is distinct from false or coalesce($4, $5) is null as comes_there
    from private.calendars as k
    where k.organization_id = $1
),

completed as (
    update public.appointments as a
    set
        service_address = coalesce($4, a.service_address),
        postal_code = coalesce(left($5, 20), a.postal_code),
        service_description = coalesce($6, a.service_description),
        customer_email = coalesce(left($7, 255), a.customer_email),
        customer_phone = coalesce($8, a.customer_phone)
    from area
    where
        a.organization_id = $1
        and a.id = $2
        and a.vapi_call_id = $3
        and a.status in ('pending', 'confirmed')
        and area.comes_there
    returning a.id, a.customer_id
),

customer as (
    update public.customers as c
    set email = coalesce(c.email, left($7, 255)), address = coalesce(c.address, $4)
    from completed as d
    where c.organization_id = $1 and c.id = d.customer_id
)

select area.comes_there, exists (select from completed) as is_completed
from area
