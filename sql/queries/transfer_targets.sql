-- Whom a caller can be handed to at this hour: the office while it is open, everybody who is on call or else the primary contact, and the
-- emergency number. `tried` has the numbers that did not take this call ($2); one whose command never reached the provider is none of
-- them.
with firm as (
    select
        o.transfer_phone_number,
        coalesce(private.phone_extension(o.transfer_phone_number), o.transfer_phone_extension) as transfer_extension,
        o.emergency_contact_phone,
        coalesce(private.phone_extension(o.emergency_contact_phone), o.emergency_phone_extension) as emergency_extension,
        least(greatest(coalesce(o.max_transfer_wait_time, 30), 5), 600) as wait_seconds,
        o.settings -> 'dial_countries' as dial_countries
    from public.organizations as o
    where o.id = $1
),

on_call as (
    select c.name, c.phone, c.phone_extension, c.call_enabled, c.ordinality
    from private.on_call_contacts($1) with ordinality as c
),

in_charge as (
    select c.name, c.phone, c.phone_extension, c.call_enabled
    from public.emergency_contacts as c
    where
        c.organization_id = $1 and c.is_primary and c.is_active and trim(c.phone) <> ''
        and not exists (select from on_call)
    order by c.priority nulls last, c.created_at, c.id
    limit 1
),

targets as (
    select
        'organization' as source, null as name, f.transfer_phone_number as phone, f.transfer_extension as extension,
        true as takes_calls, 0 as place
    from firm as f
    where private.is_open_now($1)
    union all
    select 'on_call', c.name, c.phone, coalesce(private.phone_extension(c.phone), c.phone_extension), c.call_enabled, c.ordinality
    from on_call as c
    union all
    select 'primary_contact', c.name, c.phone, coalesce(private.phone_extension(c.phone), c.phone_extension), c.call_enabled, 1
    from in_charge as c
    union all
    select 'organization_phone', null, f.emergency_contact_phone, f.emergency_extension, true, 0 from firm as f
)

select
    t.source,
    t.name::text,
    t.phone::text,
    t.extension::text,
    f.wait_seconds,
    f.dial_countries,
    array(
        select concat_ws(' x', d.transfer_to, d.metadata ->> 'extension') from public.call_transfers as d
        where
            d.organization_id = $1
            and d.vapi_call_id = $2
            and d.status in ('failed', 'no_answer')
            and d.transfer_to is not null
            and coalesce(d.metadata ->> 'detail', '') not in ('refused', 'no_line')
    ) as tried
from targets as t
cross join firm as f
where trim(t.phone) <> '' and coalesce(t.takes_calls, true)
order by t.place
