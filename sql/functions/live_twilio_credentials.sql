-- The Twilio accounts of organizations that brought their own, with the sealed auth token that signs their callbacks: the service must
-- know whose a request is before it can be bound. It runs as its owner; the service opens the tokens with a key that the
-- database does not have.
create or replace function private.live_twilio_credentials()
returns table (organization_id uuid, account_sid text, secret text, key_id text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select o.id, o.twilio_account_sid::text, s.secret, s.key_id
    from public.organizations as o
    join private.organization_secrets as s on s.organization_id = o.id and s.name = 'twilio_auth_token'
    where o.twilio_account_sid <> '';
end
$$;

revoke execute on function private.live_twilio_credentials() from public;
grant execute on function private.live_twilio_credentials() to frontdesk_app;
