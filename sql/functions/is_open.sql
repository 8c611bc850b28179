-- Whether an organization is open at all on a day: a window starts on it, or yesterday's reaches into it.
create or replace function private.is_open(org_id uuid, settings jsonb, target_date date) returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from private.windows_reaching(org_id, settings, target_date) as w (span)
        where w.span && tsrange(target_date, target_date + 1)
    );
end
$$;

revoke execute on function private.is_open(uuid, jsonb, date) from public;
grant execute on function private.is_open(uuid, jsonb, date) to frontdesk_app;
