-- Gives back what a call holds: it has booked, or it is over. It runs as its owner, because nobody may delete a hold.
create or replace function private.release_hold(org_id uuid, call_id text) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.require_organization(org_id);
    delete from private.slot_holds as h where h.organization_id = org_id and h.vapi_call_id = call_id;
end
$$;

revoke execute on function private.release_hold(uuid, text) from public;
grant execute on function private.release_hold(uuid, text) to frontdesk_app;
