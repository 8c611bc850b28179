-- The organizations whose calls are suspended. It runs as its owner, because the service is bound to none of them when it asks.
create or replace function private.suspended_organizations()
returns table (organization_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.organization_id
    from private.suspensions as s;
end
$$;

revoke execute on function private.suspended_organizations() from public;
grant execute on function private.suspended_organizations() to frontdesk_app;
