-- A customer's counters follow the appointments (private.count_appointments) and cannot be written by hand: a row that a client read
-- a while ago and writes back must not set them back. Writes of that trigger's own come from within another one, and
-- private.write_appointment() says whose first appointment it counts.
create or replace function private.enforce_customer_counters() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        new.total_appointments := 0;
        new.last_appointment_date := null;
    else
        new.total_appointments := old.total_appointments;
        new.last_appointment_date := old.last_appointment_date;
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_customer_counters() from public;

create or replace trigger enforce_customer_counters_on_insert
before insert on public.customers
for each row
when (
    (new.total_appointments is distinct from 0 or new.last_appointment_date is not null)
    and new.id::text is distinct from current_setting('frontdesk.counted', true)
)
execute function private.enforce_customer_counters();

create or replace trigger enforce_customer_counters_on_update
before update of total_appointments, last_appointment_date on public.customers
for each row
when (pg_trigger_depth() = 0)
execute function private.enforce_customer_counters();
