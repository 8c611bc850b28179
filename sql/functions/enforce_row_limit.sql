-- Bounds how many rows an organization's clients may add, so that none can slow the service, which reads them during calls. What is
-- there already stays, above the limit or not, and can be changed. Arguments: how many; which rows count, as a condition; and of
-- which column only rows with the same value count. An empty argument is left out.
--
-- The triggers are for clients and backends alone: what the service or an operator writes, and a restore, is not refused.
create or replace function private.enforce_row_limit() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    most constant integer := tg_argv[0];
    condition constant text := coalesce(tg_argv[1], '');
    key_column constant text := coalesce(tg_argv[2], '');
    counted record;
    is_over boolean;
begin
    for counted in execute
        format(
            'select distinct a.organization_id, %s as key from added as a order by 1, 2',
            case when key_column = '' then '''''' else format('a.%I::text', key_column) end
        )
    loop
        -- Two who add at once would not see each other's rows.
        perform pg_advisory_xact_lock(
            hashtextextended(format('limit %s %s %s', tg_table_name, counted.organization_id, counted.key), 0)
        );
        execute format(
            'select count(*) > $3 from (
                 select from %I.%I as t where t.organization_id = $1%s%s limit $3 + 1
             ) as c',
            tg_table_schema,
            tg_table_name,
            case when key_column <> '' then format(' and t.%I = $2', key_column) end,
            ' and ' || nullif(condition, '')
        )
        into is_over
        using counted.organization_id, counted.key, most;
        if is_over then
            raise check_violation using message = format(
                'an organization may have at most %s rows in %s%s%s',
                most,
                tg_table_name,
                ' with ' || nullif(condition, ''),
                case when key_column <> '' then format(' with the same %s', key_column) end
            );
        end if;
    end loop;
    return null;
end
$$;

revoke execute on function private.enforce_row_limit() from public;

create or replace trigger enforce_row_limit
after insert on public.services
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(200);

create or replace trigger enforce_row_limit
after insert on public.emergency_contacts
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(100);

create or replace trigger enforce_row_limit
after insert on public.special_days
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(2000);

create or replace trigger enforce_row_limit
after insert on public.vapi_assistants
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(100);

create or replace trigger enforce_row_limit
after insert on public.phone_number_assignments
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(500);

create or replace trigger enforce_row_limit
after insert on public.blocked_numbers
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(5000);

create or replace trigger enforce_row_limit
after insert on public.organization_invitations
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(200, 'status = ''pending''');

create or replace trigger enforce_row_limit
after insert on public.organization_members
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(500);

create or replace trigger enforce_row_limit
after insert on public.staff_tasks
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(1000, 'status = ''open''');

-- A reply by text message is looked up by its number alone, whichever organizations wrote to it.
create or replace trigger enforce_row_limit
after insert on public.sms_communications
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(2000, '', 'phone_number');

create or replace trigger enforce_row_limit
after insert on public.emergency_notifications
referencing new table as added
for each statement
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_row_limit(2000, '', 'phone_number');
