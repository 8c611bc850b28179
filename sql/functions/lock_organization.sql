-- Lets one writer at a time change the calendar of an organization. Without it, inserts that meet in the exclusion
-- constraint wait for each other in circles until the deadlock detector ends them, seconds later.
create or replace function private.lock_organization(org_id uuid) returns void
language sql
volatile
return pg_advisory_xact_lock(hashtextextended('calendar ' || org_id::text, 0));

revoke execute on function private.lock_organization(uuid) from public;
grant execute on function private.lock_organization(uuid) to frontdesk_app;

-- The same if nobody else has it, without waiting.
create or replace function private.try_lock_organization(org_id uuid) returns boolean
language sql
volatile
return pg_try_advisory_xact_lock(hashtextextended('calendar ' || org_id::text, 0));

revoke execute on function private.try_lock_organization(uuid) from public;
grant execute on function private.try_lock_organization(uuid) to frontdesk_app;
