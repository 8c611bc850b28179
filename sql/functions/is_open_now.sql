-- Whether an organization is open at this moment, on its own clock: somebody is at the office's telephone.
create or replace function private.is_open_now(org_id uuid) returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    -- An expression, which costs less than a statement.
    checked constant text := private.require_organization(org_id);
begin
    return exists (
        select
        from private.calendars as k
        cross join lateral (select private.clock() at time zone k.zone as now_local offset 0) as n
        cross join lateral unnest(private.windows_reaching(org_id, k.weekly, n.now_local::date)) as w (span)
        where k.organization_id = org_id and w.span @> n.now_local
    );
end
$$;

revoke execute on function private.is_open_now(uuid) from public;
grant execute on function private.is_open_now(uuid) to frontdesk_app;
