-- The name of what lies in a calendar, by which it is known wherever it is moved to: the provider's id, or the file of a CalDAV server without its
-- folder. An index has it (calendar_copies_name).
create or replace function private.resource_name(resource text) returns text
language sql
immutable
return regexp_replace(resource, '^.*/|\.ics$', '', 'g');

revoke execute on function private.resource_name(text) from public;

-- The id under which somebody else's event is stored. A path is stored by its hash: a file may be called after what it is about.
create or replace function private.stored_resource(resource text) returns text
language sql
immutable
return case
    when position('/' in resource) > 0 then 'sha256:' || encode(sha256(convert_to(resource, 'UTF8')), 'hex')
    else resource
end;

revoke execute on function private.stored_resource(text) from public;

-- What a calendar is the same by, whichever account it is linked by: its id, on its server. Null for an account's own one where it is not known
-- who that is.
create or replace function private.calendar_identity(provider text, address text, username text, calendar text) returns text
language sql
immutable
return case
    when provider = 'google' and calendar = 'primary' then username
    when provider = 'caldav' then regexp_replace(lower(address), '^[a-z]+://|/.*$', '', 'g') || ' ' || calendar
    else calendar
end;

revoke execute on function private.calendar_identity(text, text, text, text) from public;

-- The resources of a listing; those that are events of ours, but written by way of another link of the organization, with that: "copy",
-- "written", and "is_same" where it is the same calendar, linked twice. It is where the calendars have one id on one server, or where the
-- file of a CalDAV server is the same, as in a calendar that is shared, unless it is missing in the other one; in the calendar of a crew it must
-- be the same version too. Others were moved or copied there; that counts for the calendar of a crew alone, which its appointments are written
-- into.
create or replace function private.with_copies_elsewhere(org_id uuid, link uuid, resources jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    own record;
begin
    select a.provider, i.calendar, l.crew is not null and l.writes as is_of_crew
    into own
    from private.calendar_links as l
    join private.calendar_accounts as a on a.id = l.account_id
    cross join lateral (select private.calendar_identity(a.provider, a.address, a.username, l.calendar) as calendar) as i
    where
        l.id = link
        and exists (select from private.calendar_links as o where o.organization_id = org_id and o.id <> link);
    if not found then
        return resources;
    end if;
    return (
        select coalesce(jsonb_agg(r.resource || coalesce(o.found, '{}')), '[]')
        from jsonb_array_elements(resources) as r (resource)
        left join lateral (
            select jsonb_build_object('copy', c.id, 'written', c.written, 'is_same', s.is_same) as found
            from private.calendar_copies as c
            join private.calendar_links as l on l.id = c.link_id
            join private.calendar_accounts as a on a.id = l.account_id and a.provider = own.provider
            cross join lateral (select private.calendar_identity(a.provider, a.address, a.username, l.calendar) as calendar) as i
            cross join lateral (
                select
                    coalesce(i.calendar = own.calendar, true)
                    or own.provider = 'caldav'
                    and (c.seen_at is null or c.seen is not null)
                    and (c.etag = r.resource ->> 'etag' or not own.is_of_crew)
                    and private.resource_name(c.resource) = private.resource_name(r.resource ->> 'id')
                    as is_same
            ) as s
            where
                c.organization_id = org_id
                and regexp_replace(c.resource, '^.*/|\.ics$', '', 'g')
                in (private.resource_name(r.resource ->> 'id'), r.resource ->> 'key')
                and c.link_id <> link
                and (s.is_same or own.is_of_crew)
                and not exists (
                    select from private.calendar_copies as k where k.link_id = link and k.resource = r.resource ->> 'id'
                )
            order by s.is_same desc, c.id
            limit 1
        ) as o on true
    );
end
$$;

revoke execute on function private.with_copies_elsewhere(uuid, uuid, jsonb) from public;

-- Notes which events of ours are called otherwise, and which lie in the calendar of another crew now, as a listing of it has it, and has the calendars read that they are
-- missing in: what becomes of them is decided when two minutes are over (private.follow_calendar_event()).
create or replace function private.note_copies_elsewhere(org_id uuid, link uuid, is_full boolean, resources jsonb, zone text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
begin
    -- A server, or somebody, may call a file otherwise; a UID is in a calendar once. What an invitee of Calendly moved has another id.
    with renamed as (
        update private.calendar_copies as c
        set resource = r.resource ->> 'id', written = c.written || jsonb_build_object('key', r.resource -> 'key')
        from jsonb_array_elements(resources) as r (resource)
        where
            r.resource ->> 'key' is not null
            and not (r.resource ->> 'is_deleted')::boolean
            and c.organization_id = org_id
            and c.link_id = link
            and regexp_replace(c.resource, '^.*/|\.ics$', '', 'g') = r.resource ->> 'key'
            and c.resource <> r.resource ->> 'id'
            and not exists (
                select from private.calendar_copies as k where k.link_id = link and k.resource = r.resource ->> 'id'
            )
            and not exists (
                select from jsonb_array_elements(resources) as o (resource)
                where o.resource ->> 'id' = c.resource and not (o.resource ->> 'is_deleted')::boolean
            )
        returning c.link_id, c.appointment_id, c.resource
    )

    update public.appointments as a
    set calendly_event_id = left(n.resource, 255)
    from renamed as n
    join private.calendar_links as l on l.id = n.link_id
    join private.calendar_accounts as p on p.id = l.account_id and p.provider = 'calendly'
    where a.organization_id = org_id and a.id = n.appointment_id;
    update private.calendar_copies as c
    set found_link_id = null, found = null, found_at = null
    where
        c.found_link_id = link
        and coalesce(
            (
                select (r.resource ->> 'is_deleted')::boolean or coalesce((r.resource ->> 'is_same')::boolean, true)
                from jsonb_array_elements(resources) as r (resource)
                where r.resource ->> 'id' = c.found ->> 'resource'
                limit 1
            ),
            is_full
        );
    with listed as (
        select
            (r.resource ->> 'copy')::uuid as id,
            private.event_time(private.own_event(r.resource -> 'events', r.resource -> 'written', zone), zone)
            || jsonb_build_object('resource', r.resource ->> 'id', 'etag', r.resource ->> 'etag') as found
        from jsonb_array_elements(resources) as r (resource)
        where
            r.resource ? 'copy'
            and not (r.resource ->> 'is_same')::boolean
            and not (r.resource ->> 'is_deleted')::boolean
            and r.resource -> 'events' <> '[]'
    ),

    noted as (
        update private.calendar_copies as c
        set found_link_id = link, found = l.found, found_at = now, due_at = least(c.due_at, now + interval '2 minutes')
        from listed as l
        where
            c.id = l.id
            and c.is_wanted
            and c.written is not null
            and coalesce(c.written ->> 'zone', zone) = zone
            and (c.found_link_id, c.found - 'is_kept') is distinct from (link, l.found)
        returning c.link_id
    )

    update private.calendar_links as l
    set due_at = least(l.due_at, now)
    from noted as n
    where l.id = n.link_id and l.due_at is not null;
end
$$;

revoke execute on function private.note_copies_elsewhere(uuid, uuid, boolean, jsonb, text) from public;

-- Whether a link has been read since a moment, or is not waited for any longer: it is off, or a quarter of an hour is over.
create or replace function private.is_read_since(link uuid, moment timestamptz) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
return moment <= private.clock() - interval '15 minutes'
or not exists (
    select from private.calendar_links as l
    where
        l.id = link
        and l.due_at is not null
        and not coalesce(l.asked_at >= moment and l.last_synced_at >= l.asked_at, false)
);

revoke execute on function private.is_read_since(uuid, timestamptz) from public;

-- Makes the copy of another crew's calendar what was found there. False where that calendar has an event of the appointment already.
create or replace function private.move_calendar_copy(org_id uuid, copy uuid) returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    moved private.calendar_copies;
    spans tsrange[];
begin
    select c.* into strict moved from private.calendar_copies as c where c.organization_id = org_id and c.id = copy;
    delete from private.calendar_copies as c
    where c.link_id = moved.found_link_id and c.original_id = moved.original_id and c.resource is null;
    if exists (
        select from private.calendar_copies as c
        where c.link_id = moved.found_link_id and c.original_id = moved.original_id
    ) then
        return false;
    end if;
    update private.calendar_copies as c
    set
        link_id = c.found_link_id,
        resource = c.found ->> 'resource',
        etag = c.found ->> 'etag',
        written = c.written || (c.found - '{resource,etag,is_kept}'::text[])
            -- By which it was written, whatever its file is called now.
            || jsonb_build_object('key', coalesce(c.written ->> 'key', private.resource_name(c.resource))),
        seen = null, seen_at = null, found_link_id = null, found = null, found_at = null
    where c.id = copy;
    update private.calendar_conflicts as c
    set link_id = moved.found_link_id
    where c.appointment_id = moved.appointment_id and c.link_id = moved.link_id and c.kind <> 'overlap' and c.closed_at is null;
    with known as (
        delete from private.external_events as e
        where e.link_id = moved.found_link_id and e.resource = private.stored_resource(moved.found ->> 'resource')
        returning e.span
    )

    select array(select k.span from known as k) into spans;
    perform private.write_external_days(org_id, private.days_of(spans));
    return true;
end
$$;

revoke execute on function private.move_calendar_copy(uuid, uuid) from public;

-- Leaves an event as somebody else's that lies in the calendar of another crew and where it was written too: that crew was invited, or it was
-- copied. One that is the same file in the same version lies in one calendar, which is shared.
create or replace function private.leave_copy_elsewhere(org_id uuid, copy uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    left_there record;
    spans tsrange[];
begin
    select
        c.found_link_id as link_id,
        private.stored_resource(c.found ->> 'resource') as resource,
        c.etag = c.found ->> 'etag' and private.resource_name(c.resource) = private.resource_name(c.found ->> 'resource')
        and c.resource like '%/%' as is_same
    into left_there
    from private.calendar_copies as c
    where c.organization_id = org_id and c.id = copy and c.found_link_id is not null;
    update private.calendar_copies as c
    set found_link_id = null, found = null, found_at = null
    where c.organization_id = org_id and c.id = copy;
    if left_there.is_same then
        with known as (
            delete from private.external_events as e
            where e.link_id = left_there.link_id and e.resource = left_there.resource
            returning e.span
        )

        select array(select k.span from known as k) into spans;
        perform private.write_external_days(org_id, private.days_of(spans));
    elsif left_there.link_id is not null then
        perform private.note_calendar_overlaps(
            org_id,
            left_there.link_id,
            array(
                select e.span from private.external_events as e
                where e.link_id = left_there.link_id and e.resource = left_there.resource
            )
        );
    end if;
end
$$;

revoke execute on function private.leave_copy_elsewhere(uuid, uuid) from public;
