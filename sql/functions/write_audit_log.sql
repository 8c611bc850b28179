-- Records who changed an organization, its members, contacts, appointments or credentials: the row before and after, without
-- secrets. It runs as its owner, because nobody may write there. An update that changes nothing worth telling is left out.
-- Only a client that is signed in has an actor: the claims are a setting, and the service could set it.
create or replace function private.write_audit_log() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    hidden constant text[] := array[
        'updated_at', 'secret', 'key_id', 'twilio_auth_token', 'byo_sip_credentials', 'google_refresh_token',
        'outlook_refresh_token', 'calendly_api_key', 'token_hash'
    ];
    old_row constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - hidden end;
    new_row constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - hidden end;
    subject constant jsonb := coalesce(new_row, old_row);
begin
    if old_row = new_row then
        return null;
    end if;
    -- A redaction and an import write one entry of their own.
    if
        (coalesce(current_setting('frontdesk.redacting', true), '') = 'on' and private.is_redacting())
        or (coalesce(current_setting('frontdesk.importing', true), '') = 'on' and private.is_importing())
    then
        return null;
    end if;
    insert into public.audit_log (
        organization_id, table_name, row_id, action, actor_id, actor_role, old_row, new_row
    )
    values (
        (coalesce(subject ->> 'organization_id', subject ->> 'id'))::uuid,
        tg_table_name,
        (coalesce(subject ->> 'id', subject ->> 'organization_id'))::uuid,
        lower(tg_op),
        case when private.caller() = 'authenticated' then auth.uid() end,
        private.caller(),
        old_row,
        new_row
    );
    return null;
end
$$;

revoke execute on function private.write_audit_log() from public;

create or replace trigger write_audit_log
after insert or update or delete on public.organizations
for each row
execute function private.write_audit_log();

create or replace trigger write_audit_log
after insert or update or delete on public.organization_members
for each row
execute function private.write_audit_log();

create or replace trigger write_audit_log
after insert or update or delete on public.emergency_contacts
for each row
execute function private.write_audit_log();

-- Of one that is added private.enter_appointment() writes.
create or replace trigger write_audit_log
after update or delete on public.appointments
for each row
execute function private.write_audit_log();

create or replace trigger write_audit_log
after insert or update or delete on private.organization_secrets
for each row
execute function private.write_audit_log();

create or replace trigger write_audit_log
after insert or update or delete on private.calendar_feeds
for each row
execute function private.write_audit_log();
