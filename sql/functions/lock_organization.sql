-- Lets one writer at a time change the calendar of an organization. Without it, inserts that meet in the exclusion
-- constraint wait for each other in circles until the deadlock detector ends them, seconds later.
create or replace function private.lock_organization(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('calendar ' || org_id::text, 0));
end
$$;

revoke execute on function private.lock_organization(uuid) from public;
grant execute on function private.lock_organization(uuid) to frontdesk_app;
