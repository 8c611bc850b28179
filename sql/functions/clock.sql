-- The only clock of the rules. The service says what time it is for a request (`frontdesk.now`), so that one request never
-- sees two times; without it the transaction's time counts.
create or replace function private.clock() returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(nullif(current_setting('frontdesk.now', true), '')::timestamptz, now());
end
$$;

revoke execute on function private.clock() from public;
grant execute on function private.clock() to frontdesk_app;
