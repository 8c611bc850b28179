-- Which of the events of a resource of ours is the appointment: the only one, or else the one that starts when it was written to start, or
-- the first. Others are what somebody made of it by repeating it.
create or replace function private.own_event(events jsonb, written jsonb, zone text) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
return (
    select e.event
    from jsonb_array_elements(events) as e (event)
    order by
        coalesce((e.event ->> 'starts')::timestamptz at time zone zone = (written ->> 'starts')::timestamp, false) desc,
        coalesce((e.event ->> 'starts')::timestamptz, (e.event ->> 'first')::timestamptz)
    limit 1
);

revoke execute on function private.own_event(jsonb, jsonb, text) from public;

-- When an event is, as private.calendar_copies has it.
create or replace function private.event_time(event jsonb, zone text) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
return case
    -- So far away that it was not read.
    when event is null then jsonb_build_object('day', null)
    when event ? 'first' then jsonb_build_object('day', event ->> 'first')
    else jsonb_build_object(
        'starts', to_char((event ->> 'starts')::timestamptz at time zone zone, 'YYYY-MM-DD"T"HH24:MI:SS'),
        'minutes', extract(epoch from (event ->> 'ends')::timestamptz - (event ->> 'starts')::timestamptz)::integer / 60
    )
end;

revoke execute on function private.event_time(jsonb, text) from public;

-- Notes what somebody made of our events in a linked calendar, as a listing has it: moved them, or deleted them. It is followed when two
-- minutes are over (private.follow_calendar_event()): until then it may still be dragged. What was written after the calendar was
-- asked, or is being written, is left to the next listing.
create or replace function private.note_calendar_copies(
    org_id uuid,
    link uuid,
    is_full boolean,
    resources jsonb,
    zone text,
    first date,
    last date,
    asked_at timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    now constant timestamptz := private.clock();
    removed text[];
    missing uuid[];
begin
    with listed as (
        select
            c.id,
            r.resource ->> 'etag' as etag,
            private.event_time(private.own_event(r.resource -> 'events', c.written, zone), zone) as seen,
            c.written
        from jsonb_array_elements(resources) as r (resource)
        join private.calendar_copies as c on c.link_id = link and c.resource = r.resource ->> 'id'
        where
            not (r.resource ->> 'is_deleted')::boolean
            and c.written is not null
            -- On another clock it is written anew, and nobody moved it.
            and coalesce(c.written ->> 'zone', zone) = zone
            and c.claimed_until is null
            and c.written_at <= asked_at
    ),

    compared as (
        select
            l.*,
            l.seen -> 'starts' is not distinct from l.written -> 'starts'
            -- How long an event of Calendly lasts is up to its type.
            and (l.seen -> 'minutes' is not distinct from l.written -> 'minutes' or not l.written ? 'minutes') as is_as_written
        from listed as l
    )

    update private.calendar_copies as c
    set
        etag = coalesce(l.etag, c.etag),
        seen = case when not l.is_as_written then l.seen end,
        seen_at = case when not l.is_as_written then case when c.seen = l.seen then c.seen_at else now end end,
        due_at = case when l.is_as_written or c.seen is not distinct from l.seen then c.due_at else now + interval '2 minutes' end
    from compared as l
    where
        c.id = l.id
        and (
            c.etag is distinct from l.etag
            or (c.seen, c.seen_at is null) is distinct from (case when not l.is_as_written then l.seen end, l.is_as_written)
        );
    perform private.close_calendar_conflicts(org_id, link);

    removed := array(
        select r.resource ->> 'id' from jsonb_array_elements(resources) as r (resource) where (r.resource ->> 'is_deleted')::boolean
    );
    if is_full then
        removed := removed || array(
            select c.resource from private.calendar_copies as c
            where c.link_id = link and c.resource is not null
            except
            select r.resource ->> 'id' from jsonb_array_elements(resources) as r (resource)
        );
    end if;
    missing := array(
        select c.id
        from private.calendar_copies as c
        where
            c.link_id = link
            and c.resource = any(removed)
            and c.is_wanted
            and c.written is not null
            and c.claimed_until is null
            and c.written_at <= asked_at
            and (c.seen_at is null or c.seen is not null)
            and (c.written ->> 'starts')::timestamp >= first
            and (c.written ->> 'starts')::timestamp < last
            -- Somebody made it a series, of which only its instances are listed.
            and not exists (
                select from jsonb_array_elements(resources) as r (resource)
                where r.resource ->> 'series' = c.resource and not (r.resource ->> 'is_deleted')::boolean
            )
    );
    update private.calendar_copies as c
    set seen = null, seen_at = now, due_at = now + interval '2 minutes'
    where c.id = any(missing);
    -- They may have been moved into the calendar of another crew, which is read as a whole: what it had of them already may have been taken for
    -- the same.
    update private.calendar_links as l
    set due_at = least(l.due_at, now), last_full_at = null
    where
        missing <> '{}'
        and l.organization_id = org_id
        and l.id <> link
        and l.crew is not null
        and l.writes
        and l.due_at is not null;
end
$$;

revoke execute on function private.note_calendar_copies(
    uuid, uuid, boolean, jsonb, text, date, date, timestamptz
) from public;
