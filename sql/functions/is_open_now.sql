-- Whether an organization is open at this moment, on its own clock: somebody is at the office's telephone.
create or replace function private.is_open_now(org_id uuid) returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    organization record;
begin
    perform private.require_organization(org_id);
    select private.clock() at time zone k.zone as now_local, k.weekly
    into organization
    from private.calendars as k
    where k.organization_id = org_id;
    return exists (
        select
        from unnest(private.windows_reaching(org_id, organization.weekly, organization.now_local::date)) as w (span)
        where w.span @> organization.now_local
    );
end
$$;

revoke execute on function private.is_open_now(uuid) from public;
grant execute on function private.is_open_now(uuid) to frontdesk_app;
