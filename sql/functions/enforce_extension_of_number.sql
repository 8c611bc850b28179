-- An extension belongs to a number: whoever changes the number alone, as a dashboard or a program does that knows of no extension, does not
-- leave the one of the number before. The first argument names the extension's column, the second the number's.
create or replace function private.enforce_extension_of_number() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    before constant jsonb := to_jsonb(old);
    after constant jsonb := to_jsonb(new);
begin
    if
        after -> tg_argv[1] is distinct from before -> tg_argv[1]
        and after -> tg_argv[0] is not distinct from before -> tg_argv[0]
    then
        new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], null));
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_extension_of_number() from public;

create or replace trigger enforce_extension_of_number
before update of phone on public.emergency_contacts
for each row
when (old.phone_extension is not null)
execute function private.enforce_extension_of_number('phone_extension', 'phone');

create or replace trigger enforce_extension_of_transfer_number
before update of transfer_phone_number on public.organizations
for each row
when (old.transfer_phone_extension is not null)
execute function private.enforce_extension_of_number('transfer_phone_extension', 'transfer_phone_number');

create or replace trigger enforce_extension_of_emergency_number
before update of emergency_contact_phone on public.organizations
for each row
when (old.emergency_phone_extension is not null)
execute function private.enforce_extension_of_number('emergency_phone_extension', 'emergency_contact_phone');
