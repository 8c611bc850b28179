-- Escalates an incident at once when the step that a page belongs to has no telephone channel left that could still reach anybody. An
-- e-mail is not waited for beside a telephone.
create or replace function private.skip_unreachable_step(page uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.emergency_incidents as i
    set due_at = private.clock()
    from public.emergency_notifications as n
    where
        n.id = page
        and n.notification_type in ('sms', 'voice')
        and n.status = 'failed'
        and i.id = n.incident_id
        and i.status = 'open'
        and i.round = n.round
        and i.step = n.step
        and not exists (
            select
            from public.emergency_notifications as m
            where
                m.incident_id = i.id
                and m.round = n.round
                and m.step = n.step
                and m.notification_type in ('sms', 'voice')
                and m.status in ('pending', 'sent', 'delivered')
        );
end
$$;

revoke execute on function private.skip_unreachable_step(uuid) from public;
grant execute on function private.skip_unreachable_step(uuid) to frontdesk_app;
