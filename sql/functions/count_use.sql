-- Counts one more of what costs money, and tells whether it is within today's limit (private.count_uses()).
create or replace function private.count_use(org_id uuid, what text) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.count_uses(org_id, what, 1) = 1;
end
$$;

revoke execute on function private.count_use(uuid, text) from public;
grant execute on function private.count_use(uuid, text) to frontdesk_app;
