-- Binds a transaction that is one statement: whom it is for and what time it is, before the rest of the statement asks for the
-- organization that this gives back. sql/queries/bind_organization.sql does it for a transaction of several.
create or replace function private.bind(org_id uuid, at text) returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Expressions, which cost less than a statement.
    organization constant text := set_config('frontdesk.organization_id', org_id::text, true);
    now constant text := set_config('frontdesk.now', at, true);
begin
    return org_id;
end
$$;

revoke execute on function private.bind(uuid, text) from public;
grant execute on function private.bind(uuid, text) to frontdesk_app;
