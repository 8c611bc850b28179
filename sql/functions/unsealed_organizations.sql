-- The organizations that have a credential in plain text, which the service is to seal. It runs as its owner and hands out ids
-- only; the service then works on each of them bound to it.
create or replace function private.unsealed_organizations() returns setof uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.organization_id from private.organization_secrets as s where s.key_id is null
    union
    select c.organization_id from private.webhook_credentials as c where c.key_id is null;
end
$$;

revoke execute on function private.unsealed_organizations() from public;
grant execute on function private.unsealed_organizations() to frontdesk_app;
