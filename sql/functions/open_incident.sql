-- Opens an emergency, or adds to one. The previous release calls it once it has marked the call, and moves the incident on itself when it is due;
-- private.report_emergency() takes its place. `address_key` is left out of account.
create or replace function private.open_incident(
    org_id uuid,
    call_id text,
    caller text,
    callback text,
    address text,
    address_key text,
    severity text,
    words text,
    language text,
    control_url text
)
returns table (incident_id uuid, is_new boolean, is_added boolean)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    select r.incident_id, r.is_new, r.is_added
    into incident_id, is_new, is_added
    from private.report_emergency(
        org_id, call_id, null, coalesce(caller, 'unknown'), 0::smallint, caller, callback, address, severity, words, language, control_url
    ) as r
    limit 1;
    if is_new then
        update public.emergency_incidents as i
        set due_at = private.clock()
        where i.id = open_incident.incident_id;
    end if;
    return next;
end
$$;

revoke execute on function private.open_incident(
    uuid, text, text, text, text, text, text, text, text, text
) from public;
grant execute on function private.open_incident(
    uuid, text, text, text, text, text, text, text, text, text
) to frontdesk_app;
