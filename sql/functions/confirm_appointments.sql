create or replace function private.confirm_appointments(org_id uuid) returns void language sql as $$ select $$;
