-- Tells every running service that routing, settings or credentials changed, so that it looks again, and seals a credential
-- that was written in plain text. Row by row, so that a stranger whose statement touches nothing announces nothing; what one
-- transaction says twice is sent once.
create or replace function private.announce_directory() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('frontdesk_directory', tg_table_name);
    return null;
end
$$;

revoke execute on function private.announce_directory() from public;

create or replace trigger announce_directory
after insert or update or delete on public.organizations
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on public.vapi_assistants
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on public.phone_number_assignments
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on private.webhook_credentials
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on private.organization_secrets
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on private.suspensions
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on public.services
for each row
execute function private.announce_directory();

create or replace trigger announce_directory
after insert or update or delete on public.special_days
for each row
execute function private.announce_directory();
