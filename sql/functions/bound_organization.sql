-- The organization that this transaction is bound to (sql/queries/bind_organization.sql), or null. As private.clock() it is planned as part of
-- the statement that asks it.
create or replace function private.bound_organization() returns uuid
language sql
stable
parallel safe
return nullif(current_setting('frontdesk.organization_id', true), '')::uuid;

revoke execute on function private.bound_organization() from public;
grant execute on function private.bound_organization() to frontdesk_app;
