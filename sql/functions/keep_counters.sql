-- A customer's counters follow the visits (private.count_appointments) and cannot be written by hand: a row that a client read
-- a while ago and writes back must not set them back. Writes of that trigger's own come from within another one.
create or replace function private.keep_counters() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        new.total_appointments := 0;
        new.last_appointment_date := null;
    elsif pg_trigger_depth() = 1 then
        new.total_appointments := old.total_appointments;
        new.last_appointment_date := old.last_appointment_date;
    end if;
    return new;
end
$$;

revoke execute on function private.keep_counters() from public;

create or replace trigger keep_counters
before insert or update of total_appointments, last_appointment_date on public.customers
for each row
execute function private.keep_counters();
