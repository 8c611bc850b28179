-- The events of a listing that take time of an organization and are none of ours, with the time they take on its clock.
create or replace function private.listed_events(org_id uuid, link uuid, resources jsonb, zone text)
returns table (
    resource text, instance text, starts_at timestamptz, ends_at timestamptz, first_day date, end_day date, span tsrange
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
-- Planned once, and not with each listing.
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    -- Calendly is told what is busy in the calendars that are connected to it, and writes into one of them what is booked there. Where such
    -- a one is linked here too, each shows the other what is ours.
    with shown as materialized (
        select a.busy
        from private.calendar_links as here
        join private.calendar_accounts as p on p.id = here.account_id
        join private.calendar_links as there on there.organization_id = org_id and there.id <> link
        join private.calendar_accounts as q on q.id = there.account_id
        join private.calendar_copies as c on c.link_id = there.id and c.written is not null
        join public.appointments as a on a.id = c.appointment_id
        where
            here.id = link
            and 'calendly' in (p.provider, q.provider)
            and p.provider <> q.provider
            -- Few have Calendly, and for the others no copy is read.
            and exists (
                select from private.calendar_accounts as y where y.organization_id = org_id and y.provider = 'calendly'
            )
    ),

    listed as (
        select
            private.stored_resource(r.resource ->> 'id') as resource,
            e.event ->> 'instance' as instance,
            (e.event ->> 'starts')::timestamptz as starts_at,
            (e.event ->> 'ends')::timestamptz as ends_at,
            (e.event ->> 'first')::date as first_day,
            (e.event ->> 'end')::date as end_day
        from jsonb_array_elements(resources) as r (resource)
        left join private.calendar_copies as c on c.link_id = link and c.resource = r.resource ->> 'id'
        cross join lateral jsonb_array_elements(r.resource -> 'events') as e (event)
        where
            (e.event ->> 'is_busy')::boolean
            and (
                c.id is null and not coalesce((r.resource ->> 'is_same')::boolean, false)
                or e.event ->> 'instance'
                is distinct from private.own_event(
                    r.resource -> 'events', coalesce(c.written, r.resource -> 'written'), zone
                ) ->> 'instance'
            )
            -- Of an event of ours that somebody made a series, the one that stands where it was written is ours still.
            and not exists (
                select from private.calendar_copies as m
                where
                    m.link_id = link
                    and m.resource = r.resource ->> 'series'
                    and (m.written ->> 'starts')::timestamp = (e.event ->> 'starts')::timestamptz at time zone zone
            )
    )

    select l.*, t.span
    from listed as l
    cross join lateral (
        select case
            when l.first_day is null then private.external_span(l.starts_at, l.ends_at, zone)
            else tsrange(l.first_day, l.end_day)
        end
    ) as t (span)
    where not exists (select from shown as s where s.busy = t.span);
end
$$;

revoke execute on function private.listed_events(uuid, uuid, jsonb, text) from public;

-- Applies what a linked calendar said (sync::listing): `resources` are [{"id", "key", "series", "etag", "is_deleted", "events": [{"instance", "starts", "ends"
-- or "first", "end", "is_busy"}]}], each id once. All of it comes in one transaction under the organization's lock: a booking sees an event,
-- or this sees the appointment.
--
-- An event is ours only if its id is that of a copy (private.calendar_copies), by this link or by another of the same calendar; what somebody
-- made of it is noted there, and followed later (private.follow_calendar_event()). Of others it is kept when they are, if their owner is busy
-- then.
--
-- False when the link is not claimed until `claim` any more: somebody else reads it.
create or replace function private.apply_calendar_listing(
    org_id uuid,
    link uuid,
    claim timestamptz,
    is_full boolean,
    resources jsonb,
    new_cursor text,
    first date,
    last date,
    out is_applied boolean,
    out events integer,
    out blocks integer,
    out conflicts integer
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := private.clock();
    linked private.calendar_links;
    zone text;
    ids text[];
    known integer;
    gone integer := 0;
    is_shrunk boolean := false;
    before tsrange[];
    after tsrange[];
begin
    perform private.require_organization(org_id);
    perform private.lock_organization(org_id);
    select l.* into linked
    from private.calendar_links as l
    where l.organization_id = org_id and l.id = link
    for no key update;
    is_applied := found and linked.claimed_until is not distinct from claim;
    if not is_applied then
        return;
    end if;
    if linked.failures > 0 then
        perform private.close_calendar_failure(org_id, link);
    end if;
    select k.zone into strict zone from private.calendars as k where k.organization_id = org_id;
    resources := private.with_copies_elsewhere(org_id, link, resources);
    ids := array(select private.stored_resource(r.resource ->> 'id') from jsonb_array_elements(resources) as r (resource));
    perform private.note_copies_elsewhere(org_id, link, is_full, resources, zone);
    perform private.note_calendar_copies(org_id, link, is_full, resources, zone, first, last, linked.asked_at);
    -- Of a calendar that blocks nothing only our own events are followed.
    if not linked.reads then
        resources := '[]';
    end if;

    -- A calendar that lost most of what it had may be one that could not be read: a second listing must agree.
    if is_full then
        select count(*), count(*) filter (where e.resource <> all(ids))
        into known, gone
        from private.external_events as e
        where e.link_id = link;
        is_shrunk := known >= 10 and gone * 2 > known and linked.shrunk_at is null;
    end if;

    with removed as (
        delete from private.external_events as e
        where
            e.link_id = link
            and (is_full and not is_shrunk or e.resource = any(ids))
            and not exists (
                select from private.listed_events(org_id, link, resources, zone) as n
                where
                    (n.resource, n.instance, n.span) = (e.resource, e.instance, e.span)
                    and (n.first_day is null) = (e.first_day is null)
            )
        returning e.span
    )

    select array(select r.span from removed as r) into before;
    with added as (
        insert into private.external_events (
            link_id, resource, instance, organization_id, crew, starts_at, ends_at, first_day, end_day, span
        )
        select
            link, n.resource, n.instance, org_id, coalesce(linked.crew, 0), n.starts_at, n.ends_at, n.first_day, n.end_day, n.span
        from private.listed_events(org_id, link, resources, zone) as n
        where not isempty(n.span)
        on conflict do nothing
        returning span
    )

    select array(select n.span from added as n) into after;
    if linked.scope = 'any' then
        -- Those that no crew was left for may find one now.
        before := before || array(select e.span from private.external_events as e where e.link_id = link and e.crew = 0);
        perform private.lay_on_crews(org_id, link);
    end if;
    perform private.write_external_days(org_id, private.days_of(before || after));
    conflicts := private.note_calendar_overlaps(org_id, link, after);

    update private.calendar_links as l
    set
        -- What must agree with a shrunk listing has everything too.
        cursor = case when not is_shrunk then new_cursor end,
        window_first = first,
        window_last = last,
        last_synced_at = now,
        last_full_at = case when is_full and not is_shrunk then now else l.last_full_at end,
        shrunk_at = case when is_shrunk then now end,
        failures = 0,
        failure_code = null,
        claimed_until = null,
        due_at = case
            when is_shrunk then now + interval '1 minute'
            -- Somebody announced a change while it was read.
            when l.due_at < claim then l.due_at
            -- Calendly announces what is booked there, not what the calendars say that are connected to it.
            else now + private.calendar_pause(
                l.channel_expires_at > now
                and exists (
                    select from private.calendar_accounts as a where a.id = l.account_id and a.provider <> 'calendly'
                )
            )
        end
    where l.id = link;
    perform private.refresh_calendars(org_id);
    select count(*) into events from private.external_events as e where e.link_id = link;
    select count(*) into blocks
    from (
        select unnest(range_agg(e.span)) as span
        from private.external_events as e
        where e.link_id = link and upper(e.span) > now at time zone zone
    ) as b;
end
$$;

revoke execute on function private.apply_calendar_listing(
    uuid, uuid, timestamptz, boolean, jsonb, text, date, date
) from public;
grant execute on function private.apply_calendar_listing(
    uuid, uuid, timestamptz, boolean, jsonb, text, date, date
) to frontdesk_app;
