-- Counts one more of what costs money against the organization's limit for today on its own clock, and tells whether it is still
-- within it.
create or replace function private.count_use(org_id uuid, what text) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- An expression, which costs less than a statement.
    checked constant text := private.require_organization(org_id);
    organization record;
    now_used integer;
begin
    select
        (private.clock() at time zone private.time_zone(o.timezone))::date as today,
        private.daily_limit(o.settings, what) as allowed
    into organization
    from public.organizations as o
    where o.id = org_id;
    insert into private.daily_usage as u (organization_id, used_on, kind, used)
    values (org_id, organization.today, what, 1)
    on conflict (organization_id, used_on, kind) do update
    set used = u.used + 1
    where u.used < organization.allowed
    returning u.used into now_used;
    return coalesce(now_used <= organization.allowed, false);
end
$$;

revoke execute on function private.count_use(uuid, text) from public;
grant execute on function private.count_use(uuid, text) to frontdesk_app;
