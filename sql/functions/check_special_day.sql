-- Refuses hours of a special day that cannot be meant. It runs as its owner, because a dashboard that writes special days
-- may not use schema private.
create or replace function private.check_special_day() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.check_hours(new.hours, format('hours of %s', new.special_date));
    return new;
end
$$;

revoke execute on function private.check_special_day() from public;

create or replace trigger check_special_day
before insert or update of hours on public.special_days
for each row
execute function private.check_special_day();
