-- Bounds how long the texts, lists and objects may be that clients write, so that reading them does not slow a call. What is there
-- already stays until it is changed. Arguments: a column and its most bytes, again and again.
--
-- The triggers are for clients and backends alone, as those of private.enforce_row_limit() are.
create or replace function private.enforce_text_limit() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    new_row constant jsonb := to_jsonb(new);
    old_row constant jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) end;
    written text;
begin
    for nth in 0 .. tg_nargs - 1 by 2
    loop
        written := new_row ->> tg_argv[nth];
        if
            octet_length(written) > tg_argv[nth + 1]::integer
            and (old_row is null or old_row ->> tg_argv[nth] is distinct from written)
        then
            raise check_violation using message = format(
                '%s of %s is %s bytes long; allowed are up to %s',
                tg_argv[nth], tg_table_name, octet_length(written), tg_argv[nth + 1]
            );
        end if;
    end loop;
    return new;
end
$$;

revoke execute on function private.enforce_text_limit() from public;

create or replace trigger enforce_text_limit
before insert or update on public.organizations
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('settings', 65536, 'calendar_metadata', 65536);

create or replace trigger enforce_text_limit
before insert or update on public.vapi_assistants
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('system_prompt', 100000, 'voice_config', 65536, 'tools_config', 262144);

create or replace trigger enforce_text_limit
before insert or update on public.phone_number_assignments
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('capabilities', 1000);

create or replace trigger enforce_text_limit
before insert or update on public.customers
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('address', 1000, 'notes', 20000, 'metadata', 65536);

create or replace trigger enforce_text_limit
before insert or update on public.appointments
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit(
    'service_address', 1000, 'address_parts', 16384, 'service_description', 10000, 'notes', 20000, 'metadata', 65536
);

create or replace trigger enforce_text_limit
before insert or update on public.emergency_contacts
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('available_days', 1000, 'notes', 20000, 'metadata', 16384);

create or replace trigger enforce_text_limit
before insert or update on public.emergency_incidents
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('message', 10000, 'service_address', 1000, 'address_key', 1000);

create or replace trigger enforce_text_limit
before insert or update on public.emergency_notifications
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('message', 10000, 'metadata', 65536);

create or replace trigger enforce_text_limit
before insert or update on public.sms_communications
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('message_content', 10000, 'variables', 65536);

create or replace trigger enforce_text_limit
before insert or update on public.call_logs
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('transcript', 1000000, 'summary', 20000, 'tools_used', 262144, 'metadata', 262144);

create or replace trigger enforce_text_limit
before insert or update on public.call_transfers
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('summary', 20000, 'metadata', 65536);

create or replace trigger enforce_text_limit
before insert or update on public.special_days
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('hours', 16384);

create or replace trigger enforce_text_limit
before insert or update on public.services
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('keywords', 10000);

create or replace trigger enforce_text_limit
before insert or update on public.crews
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('skills', 10000);

create or replace trigger enforce_text_limit
before insert or update on public.staff_tasks
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_text_limit('summary', 10000, 'metadata', 65536);
