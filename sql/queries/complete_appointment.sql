-- Adds what a caller said later to the appointment ($2) of their call ($3): address ($4), postal code ($5), description ($6), e-mail ($7)
-- and telephone number ($8), as far as they are given, and the words ($10) for the service ($9) if it is not the appointment's. A description
-- and the pieces of an address are added to those that are there. What the customer's record lacks of it is added there too. Nothing is added
-- where the organization does not come to the postal code, or when the appointment is another call's or not live any more.
with area as (
    select private.serves(k.postal_codes, $5) is distinct from false or coalesce($4, $5) is null as comes_there
    from private.calendars as k
    where k.organization_id = $1
),

known as (
    select a.id, a.service_address
    from public.appointments as a
    where a.organization_id = $1 and a.id = $2
),

completed as (
    update public.appointments as a
    set
        service_address = private.merged_address(a.service_address, $4),
        postal_code = coalesce(left($5, 20), a.postal_code),
        service_description = private.added_words(
            private.added_words(a.service_description, $6), case when a.service_id <> $9 then $10 end
        ),
        customer_email = coalesce(left($7, 255), a.customer_email),
        customer_phone = coalesce($8, a.customer_phone)
    from area
    where
        a.organization_id = $1
        and a.id = $2
        and a.vapi_call_id = $3
        and a.status in ('pending', 'confirmed')
        and area.comes_there
    returning a.id, a.customer_id, a.service_address, a.service_id
),

customer as (
    update public.customers as c
    set
        email = coalesce(c.email, left($7, 255)),
        -- The pieces of an address that came with this appointment belong together.
        address = case
            when c.address is null or $4 is not null and c.address = k.service_address then d.service_address
            else c.address
        end
    from completed as d
    inner join known as k on k.id = d.id
    where c.organization_id = $1 and c.id = d.customer_id
)

select
    area.comes_there,
    d.id is not null as is_completed,
    d.service_address,
    s.name as other_service,
    s.name_es as other_service_es
from area
left join completed as d on true
left join public.services as s on s.organization_id = $1 and s.id = d.service_id and s.id <> $9
