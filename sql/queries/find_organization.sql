-- Whose call is this? $1 Vapi's phone number id, $2 Vapi's assistant id, $3 the called number; any may be null.
-- One row when all that is known of the call points at one organization. Two rows mean that the parts of the message
-- belong to different organizations, and the call is refused. An unknown part beside a known one does no harm: an
-- assistant made at Vapi and not yet entered here still answers on an assigned number.
with owners as (
    select p.organization_id, p.vapi_assistant_id
    from public.phone_number_assignments as p
    where p.vapi_phone_number_id = $1 and p.is_active
    union all
    select a.organization_id, a.id
    from public.vapi_assistants as a
    where a.vapi_assistant_id = $2 and a.is_active
    union all
    select p.organization_id, p.vapi_assistant_id
    from public.phone_number_assignments as p
    where p.phone_number = $3 and p.is_active
),

-- The assistant that speaks decides the language: the one in the message, else the one assigned to the number, else the
-- organization's first.
speaking as (
    select a.organization_id, a.vapi_assistant_id, a.language
    from public.vapi_assistants as a
    where a.is_active and a.organization_id in (select w.organization_id from owners as w)
    order by
        (a.vapi_assistant_id = $2) desc nulls last,
        (a.id in (select w.vapi_assistant_id from owners as w)) desc nulls last,
        a.created_at,
        a.id
    limit 1
)

select
    o.id as organization_id,
    o.name,
    coalesce(o.timezone, 'America/New_York') as timezone,
    s.language,
    s.vapi_assistant_id,
    o.transfer_phone_number,
    o.emergency_contact_phone,
    o.transfer_mode
from public.organizations as o
left join speaking as s on s.organization_id = o.id
where o.id in (select w.organization_id from owners as w)
