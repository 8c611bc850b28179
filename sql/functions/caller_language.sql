-- The language in which a caller is answered: what the call was heard in, else what the customer with that number prefers; null when
-- nothing is known. It runs as its owner, since it knows whose rows it reads.
create or replace function private.caller_language(org_id uuid, call_id text, number text) returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    -- An expression, which costs less than a statement.
    checked constant text := private.require_organization(org_id);
begin
    return coalesce(
        (
            select c.language_detected from public.call_logs as c
            where c.organization_id = org_id and c.vapi_call_id = call_id
        ),
        (
            select c.primary_language from public.customers as c
            where c.organization_id = org_id and c.phone_number = number
        )
    );
end
$$;

revoke execute on function private.caller_language(uuid, text, text) from public;
grant execute on function private.caller_language(uuid, text, text) to frontdesk_app;
