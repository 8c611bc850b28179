-- Writes a telephone number that a client enters as people do, (303) 555-0103, in the form in which numbers are compared and texted,
-- +13035550103: its customer would else get no text, be unknown when they call, and their STOP would not be found. A number without a country code
-- is one of North America, as where callers say it. What is no whole number stays as it is. Argument: the column. It runs as its owner, because
-- a dashboard may not use schema private.
--
-- The triggers are for clients and backends alone: what an operator restores or imports stays as it was.
create or replace function private.enforce_number_form() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    written constant text := trim(to_jsonb(new) ->> tg_argv[0]);
    digits constant text := regexp_replace(written, '[^0-9]', '', 'g');
    number constant text := case
        when written !~ '^[+0-9 ().\-/]+$' then null
        when written ~ '^\(?\+' then '+' || digits
        when digits ~ '^011' then '+' || substr(digits, 4)
        when digits ~ '^1?[2-9][0-9]{2}[2-9][0-9]{6}$' then '+1' || right(digits, 10)
    end;
begin
    if private.is_e164(number) and not private.is_e164(to_jsonb(new) ->> tg_argv[0]) then
        new := jsonb_populate_record(new, jsonb_build_object(tg_argv[0], number));
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_number_form() from public;

create or replace trigger enforce_number_form
before insert or update of customer_phone on public.appointments
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_number_form('customer_phone');

create or replace trigger enforce_number_form
before insert or update of phone_number on public.customers
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_number_form('phone_number');

create or replace trigger enforce_number_form
before insert or update of phone_number on public.sms_consents
for each row
when (current_user::text = any ('{authenticated,service_role}'))
execute function private.enforce_number_form('phone_number');
