-- Whose appointments is a feed of, by the hash of the token in its address? It runs as its owner and hands out an id only, as
-- private.find_organization() does. No row: nobody's, or those of an organization whose calls are suspended.
create or replace function private.find_calendar_feed(token_hash bytea)
returns table (organization_id uuid, crew integer)
language plpgsql
stable
security definer
rows 1
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    return query
    select f.organization_id, f.crew
    from private.calendar_feeds as f
    where
        f.token_hash = find_calendar_feed.token_hash
        and not exists (select from private.suspensions as s where s.organization_id = f.organization_id);
end
$$;

revoke execute on function private.find_calendar_feed(bytea) from public;
grant execute on function private.find_calendar_feed(bytea) to frontdesk_app;
