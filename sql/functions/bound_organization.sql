-- The organization that this transaction is bound to (sql/queries/bind_organization.sql), or null.
create or replace function private.bound_organization() returns uuid
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return nullif(current_setting('frontdesk.organization_id', true), '')::uuid;
end
$$;

revoke execute on function private.bound_organization() from public;
grant execute on function private.bound_organization() to frontdesk_app;
