-- A saved answer may be replayed only while it is true: not when its appointment was cancelled, moved, given another length or deleted,
-- and not when its transfer failed.
create or replace function private.expire_saved_answers() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update private.tool_calls as t
    set repeatable = false
    where t.organization_id = old.organization_id and t.effect_id = old.id and t.repeatable;
    return null;
end
$$;

revoke execute on function private.expire_saved_answers() from public;

create or replace trigger expire_saved_answers_on_change
after update on public.appointments
for each row
when (
    new.status not in ('pending', 'confirmed')
    or (new.id, new.scheduled_date, new.scheduled_time, new.duration_minutes)
    is distinct from (old.id, old.scheduled_date, old.scheduled_time, old.duration_minutes)
)
execute function private.expire_saved_answers();

create or replace trigger expire_saved_answers_on_delete
after delete on public.appointments
for each row
execute function private.expire_saved_answers();

create or replace trigger expire_saved_answers_on_failure
after update on public.call_transfers
for each row
when (new.status in ('failed', 'no_answer'))
execute function private.expire_saved_answers();
