-- Writes a page and the job that sends it (private.add_pages()). The previous release calls it; private.page_step() takes its place.
create or replace function private.page_contact(
    org_id uuid,
    incident uuid,
    this_round integer,
    this_step integer,
    channel text,
    phone text,
    subject text,
    body text,
    expires timestamptz
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- An expression, which costs less than a statement.
    checked constant text := private.require_organization(org_id);
begin
    if (
        select private.add_pages(
            s, this_round, i.urgency, i.vapi_call_id, array[channel], page_contact.phone, subject, array[body], expires
        )
        from private.incident_steps as s
        join public.emergency_incidents as i on i.id = s.incident_id
        where s.organization_id = org_id and s.incident_id = incident and s.step = this_step
    ) then
        return (
            select n.id from public.emergency_notifications as n
            where
                n.incident_id = incident and n.round = this_round and n.step = this_step and n.notification_type = channel
        );
    end if;
    return null;
end
$$;

revoke execute on function private.page_contact(
    uuid, uuid, integer, integer, text, text, text, text, timestamptz
) from public;
grant execute on function private.page_contact(
    uuid, uuid, integer, integer, text, text, text, text, timestamptz
) to frontdesk_app;
