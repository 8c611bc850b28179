-- Stores what stands in a linked calendar of an appointment, and its id beside the appointment, where dashboards find it.
create or replace function private.complete_calendar_copy(
    org_id uuid, copy uuid, claim timestamptz, new_resource text, new_etag text, new_written jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    linked record;
    spans tsrange[];
begin
    perform private.require_organization(org_id);
    -- First, as whoever applies a listing does.
    perform private.lock_organization(org_id);
    update private.calendar_copies as c
    set
        resource = new_resource,
        etag = new_etag,
        written = new_written,
        written_at = private.clock(),
        seen = null,
        seen_at = null,
        attempts = 0,
        failure_code = null,
        claimed_until = null,
        due_at = case when c.due_at < claim then c.due_at else c.found_at + interval '2 minutes' end
    from private.calendar_links as l
    join private.calendar_accounts as a on a.id = l.account_id
    where c.organization_id = org_id and c.id = copy and c.claimed_until = claim and l.id = c.link_id
    returning c.link_id, c.appointment_id, a.provider into linked;
    if not found then
        return;
    end if;
    -- Read before its id was known, it was taken for somebody else's.
    with known as (
        delete from private.external_events as e
        using private.calendar_links as l
        where
            l.organization_id = org_id
            and e.link_id = l.id
            and e.resource = private.stored_resource(new_resource)
        returning e.span
    )

    select array(select k.span from known as k) into spans;
    if spans <> '{}' then
        perform private.write_external_days(org_id, private.days_of(spans));
    end if;
    perform private.close_calendar_conflicts(org_id, linked.link_id);
    update public.appointments as a
    set
        google_calendar_event_id = case when linked.provider = 'google' then left(new_resource, 255) else a.google_calendar_event_id end,
        outlook_calendar_event_id = case
            when linked.provider = 'outlook' then left(new_resource, 255) else a.outlook_calendar_event_id
        end,
        calendly_event_id = case when linked.provider = 'calendly' then left(new_resource, 255) else a.calendly_event_id end,
        calendar_provider = linked.provider
    where
        a.organization_id = org_id
        and a.id = linked.appointment_id
        and linked.provider in ('google', 'outlook', 'calendly')
        and left(new_resource, 255) is distinct from case linked.provider
            when 'google' then a.google_calendar_event_id
            when 'outlook' then a.outlook_calendar_event_id
            else a.calendly_event_id
        end;
end
$$;

revoke execute on function private.complete_calendar_copy(uuid, uuid, timestamptz, text, text, jsonb) from public;
grant execute on function private.complete_calendar_copy(uuid, uuid, timestamptz, text, text, jsonb) to frontdesk_app;

create or replace function private.remove_calendar_copy(org_id uuid, copy uuid, claim timestamptz) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.require_organization(org_id);
    delete from private.calendar_copies as c
    where c.organization_id = org_id and c.id = copy and c.claimed_until = claim and not c.is_wanted;
    if found then
        return;
    end if;
    update private.calendar_copies as c
    set
        resource = null, etag = null, written = null, seen = null, seen_at = null, generation = c.generation + 1,
        claimed_until = null, due_at = private.clock()
    where c.organization_id = org_id and c.id = copy and c.claimed_until = claim;
end
$$;

revoke execute on function private.remove_calendar_copy(uuid, uuid, timestamptz) from public;
grant execute on function private.remove_calendar_copy(uuid, uuid, timestamptz) to frontdesk_app;
