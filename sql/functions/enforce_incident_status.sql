-- The statuses of an incident follow each other, whoever writes them. A closed one stays closed. Acknowledging one cancels everything
-- that is still to be sent for it in the same transaction, and the escalation is woken at once to tell the others. A dashboard that
-- writes `acknowledged` does so for the staff, and one that writes `open` has everybody paged again. It runs as its owner, because a dashboard
-- may not use schema private.
create or replace function private.enforce_incident_status() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    stopped uuid;
begin
    if old.status = 'closed' and new.status <> 'closed' then
        raise check_violation using message = 'an emergency that is closed cannot be opened again';
    end if;
    if old.status = 'acknowledged' and new.status <> 'closed' then
        -- Whoever has it next is somebody else, or says so again; since when it was taken is still told.
        new.acknowledged_name := null;
        new.acknowledged_phone := null;
        new.acknowledged_step := null;
        new.acknowledged_via := null;
    end if;
    if new.status = 'open' then
        new.reopened_at := private.clock();
    end if;
    if new.status = 'open' and new.due_at is not distinct from old.due_at then
        -- A dashboard opens it again, and says nothing of who is told when: everybody is, as if it were reported again.
        new.acknowledged_at := null;
        new.due_at := private.clock();
        new.round := old.round + 1;
        new.step := null;
        new.rounds := old.round + (
            select r.rounds
            from public.organizations as o
            cross join lateral private.emergency_rules(o.settings) as r
            where o.id = new.organization_id
        );
        perform private.record_incident_steps(new.organization_id, new.id, new.language_code);
    end if;
    if new.status = 'acknowledged' and old.status <> 'acknowledged' then
        new.acknowledged_at := private.clock();
        new.acknowledged_via := coalesce(new.acknowledged_via, 'staff');
    end if;
    if new.status = 'closed' then
        new.closed_at := private.clock();
    end if;
    if new.status in ('acknowledged', 'closed') then
        new.announced_at := null;
        new.due_at := private.clock();
        for stopped in
            update private.outbox as o
            set state = 'cancelled', due_at = null, settled_at = private.clock()
            from public.emergency_notifications as n
            where n.incident_id = new.id and o.notification_id = n.id and o.state in ('pending', 'unknown')
            returning o.notification_id
        loop
            perform private.end_shared_page(stopped, null);
        end loop;
    end if;
    return new;
end
$$;

revoke execute on function private.enforce_incident_status() from public;

create or replace trigger enforce_incident_status
before update of status on public.emergency_incidents
for each row
when (new.status is distinct from old.status)
execute function private.enforce_incident_status();
