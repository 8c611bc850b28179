-- Moves a credential that is written into public.organizations to private.organization_secrets, where no client can read it, before
-- the row is stored. The columns themselves are always null: writing null back changes nothing, and an empty value ('' or {})
-- forgets the credential.
create or replace function private.hide_secrets() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    written record;
begin
    for written in
        select s.name, s.secret
        from (
            values
            ('twilio_auth_token', new.twilio_auth_token),
            ('byo_sip_credentials', new.byo_sip_credentials::text),
            ('google_refresh_token', new.google_refresh_token),
            ('outlook_refresh_token', new.outlook_refresh_token),
            ('calendly_api_key', new.calendly_api_key::text)
        ) as s (name, secret)
        where s.secret is not null
    loop
        if written.secret in ('', '{}', 'null') then
            delete from private.organization_secrets as k where k.organization_id = new.id and k.name = written.name;
        else
            insert into private.organization_secrets as k (organization_id, name, secret)
            values (new.id, written.name, written.secret)
            on conflict (organization_id, name) do update
            set secret = excluded.secret, key_id = null, set_at = now();
        end if;
    end loop;

    new.twilio_auth_token := null;
    new.byo_sip_credentials := null;
    new.google_refresh_token := null;
    new.outlook_refresh_token := null;
    new.calendly_api_key := null;
    return new;
end
$$;

revoke execute on function private.hide_secrets() from public;

create or replace trigger hide_secrets
before insert or update on public.organizations
for each row
when (
    new.twilio_auth_token is not null
    or new.byo_sip_credentials is not null
    or new.google_refresh_token is not null
    or new.outlook_refresh_token is not null
    or new.calendly_api_key is not null
)
execute function private.hide_secrets();
