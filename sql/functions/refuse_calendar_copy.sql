-- Gives up an appointment that Calendly refuses to book, until the appointment changes or the account is connected again: it may be booked
-- anew then. It stands here; the staff are told, once for its calendar while that task is open.
create or replace function private.refuse_calendar_copy(org_id uuid, copy uuid, claim timestamptz, status integer) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    refused record;
begin
    perform private.require_organization(org_id);
    perform private.lock_organization(org_id);
    update private.calendar_copies as c
    set
        resource = null,
        failure_code = 'refused',
        claimed_until = null,
        due_at = case when c.due_at < claim then c.due_at end
    from private.calendar_links as l
    where c.organization_id = org_id and c.id = copy and c.claimed_until = claim and l.id = c.link_id
    returning c.link_id, c.appointment_id, l.account_id into refused;
    if not found then
        return;
    end if;
    insert into public.staff_tasks (organization_id, kind, summary, metadata, created_at)
    select
        org_id,
        'calendar',
        format(
            'Calendly refuses to book appointments (%s). They stand here, and are not in Calendly: enter them there, or leave it. %s',
            status,
            case status
                when 403 then 'Its plan or the token does not allow it.'
                when 422 then 'The event type is for groups, of which no single appointment can be cancelled.'
                else 'The event type may not be free then, or ask for more than an e-mail address and a name.'
            end
        ),
        jsonb_build_object(
            'appointment_id', refused.appointment_id, 'link_id', refused.link_id, 'account_id', refused.account_id, 'refused', status
        ),
        private.clock()
    where not exists (
        select from public.staff_tasks as t
        where
            t.organization_id = org_id
            and t.kind = 'calendar'
            and t.status = 'open'
            and t.metadata ? 'refused'
            and t.metadata ->> 'link_id' = refused.link_id::text
    );
end
$$;

revoke execute on function private.refuse_calendar_copy(uuid, uuid, timestamptz, integer) from public;
grant execute on function private.refuse_calendar_copy(uuid, uuid, timestamptz, integer) to frontdesk_app;
