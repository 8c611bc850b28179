-- Keeps a customer's counters true: all appointments but the cancelled ones, and the day of the last of them. An appointment that is added is one
-- more (private.enter_appointment()). After any other change the appointments are counted: the customer is locked in a statement of its own, so that the count that follows sees what other writers have committed; the lock leaves
-- room for the foreign keys of appointments that are being written at the same time.
create or replace function private.count_appointments() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    customers constant uuid[] := array_remove(
        array[old.customer_id, case when tg_op = 'UPDATE' then new.customer_id end], null
    );
begin
    if cardinality(customers) = 0 then
        return null;
    end if;
    perform from public.customers as c where c.id = any (customers) order by c.id for no key update;
    update public.customers as c
    set
        total_appointments = t.total,
        last_appointment_date = t.latest
    from (
        select k.id, count(a.id)::integer as total, max(a.scheduled_date) as latest
        from (select distinct u.id from unnest(customers) as u (id)) as k
        left join public.appointments as a on a.customer_id = k.id and a.status <> 'cancelled'
        group by k.id
    ) as t
    where
        c.id = t.id
        and (c.total_appointments, c.last_appointment_date) is distinct from (t.total, t.latest);
    return null;
end
$$;

revoke execute on function private.count_appointments() from public;

create or replace trigger count_appointments
after delete or update of customer_id, status, scheduled_date on public.appointments
for each row
execute function private.count_appointments();
