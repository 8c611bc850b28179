-- Whether a call is recorded under another organization than the one that this transaction is bound to. It runs as its owner, since
-- the service sees only its own calls, and tells nothing else. Vapi's call ids are unique across organizations.
create or replace function private.is_foreign_call(call_id text) returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from public.call_logs as c
        where c.vapi_call_id = call_id and c.organization_id <> private.bound_organization()
    );
end
$$;

revoke execute on function private.is_foreign_call(text) from public;
grant execute on function private.is_foreign_call(text) to frontdesk_app;
