-- Whether a call is recorded under another organization than this one. It runs as its owner, since the service sees only its own
-- calls, and tells nothing else. Vapi's call ids are unique across organizations.
create or replace function private.is_foreign_call(org_id uuid, call_id text) returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
    return exists (
        select
        from public.call_logs as c
        where c.vapi_call_id = call_id and c.organization_id <> org_id
    );
end
$$;

revoke execute on function private.is_foreign_call(uuid, text) from public;
grant execute on function private.is_foreign_call(uuid, text) to frontdesk_app;
