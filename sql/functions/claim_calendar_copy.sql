-- Claims a copy of an appointment that is due, for so many seconds, with what is to stand in the calendar: the appointment as it is now. No row
-- when somebody else has it, or nothing can be written there.
create or replace function private.claim_calendar_copy(org_id uuid, copy uuid, lease_seconds integer)
returns table (
    claim timestamptz,
    link_id uuid,
    provider text,
    account_id uuid,
    address text,
    username text,
    secret_name text,
    secret text,
    key_id text,
    calendar text,
    original_id uuid,
    generation smallint,
    resource text,
    etag text,
    written jsonb,
    seen_at timestamptz,
    attempts integer,
    is_wanted boolean,
    zone text,
    starts timestamp,
    minutes integer,
    starts_at timestamptz,
    ends_at timestamptz,
    is_tentative boolean,
    service text,
    customer_name text,
    customer_phone text,
    place text,
    description text,
    changed_at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
    until constant timestamptz := now + make_interval(secs => lease_seconds);
begin
    -- Whoever moves the appointment has its copy until that is committed; what it is then is read by the next statement.
    perform from private.calendar_copies as c where c.organization_id = org_id and c.id = copy for no key update;
    return query
    with claimed as (
        update private.calendar_copies as c
        set claimed_until = until, due_at = until, attempts = c.attempts + 1
        from private.calendar_links as l
        join private.calendar_accounts as a on a.id = l.account_id
        where
            c.organization_id = org_id
            and c.id = copy
            and c.due_at <= now
            and coalesce(c.claimed_until <= now, true)
            and l.id = c.link_id
            and a.state = 'live'
        returning c.*, l.account_id, l.calendar, l.writes
    )

    select
        until, c.link_id, a.provider, a.id, a.address, a.username, a.secret_name, s.secret, s.key_id, c.calendar,
        c.original_id, c.generation, c.resource, c.etag, c.written, c.seen_at, c.attempts,
        c.is_wanted and c.writes and v.id is not null and v.status <> 'cancelled',
        k.zone, v.scheduled_date + v.scheduled_time, v.duration_minutes,
        i.starts_at, i.starts_at + make_interval(mins => v.duration_minutes),
        v.status = 'pending',
        z.name::text,
        case when r.details in ('name', 'full') then v.customer_name end::text,
        case when r.details = 'full' then v.customer_phone end::text,
        v.service_address,
        -- Without a service of the catalogue the kind is in the caller's own words, which are no title.
        case when r.details = 'full' then coalesce(v.service_description, case when z.id is null then v.appointment_type end) end,
        v.updated_at
    from claimed as c
    join private.calendar_accounts as a on a.id = c.account_id
    join private.calendars as k on k.organization_id = org_id
    join public.organizations as o on o.id = org_id
    cross join lateral private.calendar_rules(o.settings) as r
    left join public.appointments as v on v.id = c.appointment_id
    left join public.services as z on z.organization_id = org_id and z.id = v.service_id
    left join private.organization_secrets as s on s.organization_id = org_id and s.name = a.secret_name
    cross join lateral (
        -- A time that the clocks skip begins when they have.
        select coalesce(
            private.first_instant(v.scheduled_date + v.scheduled_time, k.zone),
            (v.scheduled_date + v.scheduled_time) at time zone k.zone
        )
    ) as i (starts_at);
    if not found then
        -- It waits for its account to be connected again.
        update private.calendar_copies as c
        set due_at = null
        from private.calendar_links as l
        join private.calendar_accounts as a on a.id = l.account_id
        where c.organization_id = org_id and c.id = copy and l.id = c.link_id and a.state = 'revoked';
    end if;
end
$$;

revoke execute on function private.claim_calendar_copy(uuid, uuid, integer) from public;
grant execute on function private.claim_calendar_copy(uuid, uuid, integer) to frontdesk_app;
