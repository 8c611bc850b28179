-- Ends the pages that share the call or the reminder of another emergency (`bundled_with`), once that has failed for the given reason
-- (null: it was stopped before it was sent). They fail with it, and their escalation moves on. Where it ended because somebody has the
-- other emergency, each is sent by itself instead: nobody may have heard of it.
create or replace function private.end_shared_page(shared uuid, reason text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    bundled record;
begin
    for bundled in
        select n.id, reason is null or i.status in ('acknowledged', 'closed') as is_over, o.expires_at
        from public.emergency_notifications as s
        join public.emergency_incidents as i on i.id = s.incident_id
        join private.outbox as o on o.notification_id = s.id and o.kind = s.notification_type
        join public.emergency_notifications as n
            on
                n.phone_number = s.phone_number
                and n.created_at >= s.created_at
                and n.created_at <= s.created_at + interval '60 seconds'
        where
            s.id = shared
            and n.organization_id = s.organization_id
            and n.metadata ->> 'bundled_with' = shared::text
            and n.status = 'pending'
    loop
        if bundled.is_over then
            update public.emergency_notifications as n
            set metadata = n.metadata - 'bundled_with'
            where n.id = bundled.id;
            perform private.add_page_job(bundled.id, null, bundled.expires_at);
        else
            update public.emergency_notifications as n
            set status = 'failed', error_code = left(reason, 50)
            where n.id = bundled.id;
            perform private.skip_unreachable_step(bundled.id);
        end if;
    end loop;
end
$$;

revoke execute on function private.end_shared_page(uuid, text) from public;
grant execute on function private.end_shared_page(uuid, text) to frontdesk_app;
