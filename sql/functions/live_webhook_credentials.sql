-- The live webhook secrets of all organizations, sealed, newest first: without the service's key they open nothing. It runs as its
-- owner, because the service needs them to tell whose a message is, before it can be bound to anyone.
create or replace function private.live_webhook_credentials()
returns table (organization_id uuid, secret text, key_id text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select c.organization_id, c.secret, c.key_id
    from private.webhook_credentials as c
    where c.retired_at is null and c.key_id is not null
    order by c.organization_id, c.created_at desc, c.id desc;
end
$$;

revoke execute on function private.live_webhook_credentials() from public;
grant execute on function private.live_webhook_credentials() to frontdesk_app;
