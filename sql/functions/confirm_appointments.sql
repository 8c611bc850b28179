create or replace function private.confirm_appointments(org_id uuid) returns void language sql set search_path = pg_catalog, pg_temp as $$ select $$;
revoke execute on function private.confirm_appointments(uuid) from public;
