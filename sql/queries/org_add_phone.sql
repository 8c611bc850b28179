-- Assigns a number to an organization; entered again, it takes the new ids. No row: there is no such organization, or
-- the assistant that was named ($5) is not its own, in which case nothing is written.
with assistant as (
    select a.id
    from public.vapi_assistants as a
    where a.organization_id = $1 and a.vapi_assistant_id = $5
)

insert into public.phone_number_assignments as p (
    organization_id,
    phone_number,
    vapi_phone_number_id,
    phone_provider,
    vapi_assistant_id,
    capabilities
)
select o.id, $2, $3, $4, (select a.id from assistant as a), coalesce($6, '{voice}')
from public.organizations as o
where o.id = $1 and ($5 is null or exists (select from assistant))
on conflict (organization_id, phone_number) do update
set
    vapi_phone_number_id = coalesce(excluded.vapi_phone_number_id, p.vapi_phone_number_id),
    phone_provider = excluded.phone_provider,
    vapi_assistant_id = coalesce(excluded.vapi_assistant_id, p.vapi_assistant_id),
    capabilities = coalesce($6, p.capabilities),
    is_active = true
returning p.id
