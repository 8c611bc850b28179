-- Counts so many more of what costs money against the organization's limit for today on its own clock, and tells how many of them are still
-- within it.
create or replace function private.count_uses(org_id uuid, what text, amount integer) returns integer
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
    values (org_id, organization.today, what, amount)
    on conflict (organization_id, used_on, kind) do update
    set used = u.used + excluded.used
    where u.used < organization.allowed
    returning u.used into now_used;
    if now_used is null then
        return 0;
    end if;
    return greatest(amount - greatest(now_used - organization.allowed, 0), 0);
end
$$;

revoke execute on function private.count_uses(uuid, text, integer) from public;
grant execute on function private.count_uses(uuid, text, integer) to frontdesk_app;
