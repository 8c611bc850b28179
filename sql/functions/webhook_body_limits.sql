-- The organizations that have set the largest body of their webhook, in bytes. It runs as its owner, because the limit is needed before a
-- message is read, and so before the service can be bound to anyone.
create or replace function private.webhook_body_limits()
returns table (organization_id uuid, bytes integer)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select o.id, private.whole_number(o.settings -> 'webhook_body_bytes', 65536, 8388608, null)
    from public.organizations as o
    where o.settings ? 'webhook_body_bytes';
end
$$;

revoke execute on function private.webhook_body_limits() from public;
grant execute on function private.webhook_body_limits() to frontdesk_app;
