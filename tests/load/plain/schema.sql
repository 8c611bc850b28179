-- The same service as an engineer writes it in an afternoon: plain tables, an index for each thing that is looked up, one function for
-- what is free on a day. No row level security, no saved answers, no call log of a check. What the service is compared with.
create table organizations (
    id uuid primary key,
    name text not null,
    timezone text not null default 'America/New_York',
    transfer_phone text,
    settings jsonb not null default '{}'
);
create table phone_numbers (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    phone_number text not null,
    vapi_id text not null,
    is_active boolean not null default true
);
create table contacts (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    name text not null,
    phone text not null,
    is_primary boolean not null default false,
    is_active boolean not null default true,
    available_from time,
    available_to time,
    priority integer not null default 1
);
create table customers (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    name text not null,
    phone text not null,
    appointments_total integer not null default 0,
    last_appointment date,
    updated_at timestamptz not null default now(),
    unique (organization_id, phone)
);
create table appointments (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    customer_id uuid references customers (id) on delete set null,
    vapi_call_id text,
    customer_name text not null,
    customer_phone text not null,
    appointment_type text not null,
    scheduled_date date not null,
    scheduled_time time not null,
    duration_minutes integer not null default 60 check (duration_minutes between 1 and 480),
    status text not null default 'pending' check (status in ('pending', 'confirmed', 'cancelled', 'completed', 'no_show')),
    created_at timestamptz not null default now()
);
create table call_logs (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    vapi_call_id text not null unique,
    caller text,
    status text not null,
    is_emergency boolean not null default false,
    created_at timestamptz not null default now()
);
create table transfers (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    vapi_call_id text not null,
    reason text,
    urgency text,
    transfer_to text,
    created_at timestamptz not null default now()
);
create table notifications (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references organizations (id) on delete cascade,
    contact_id uuid references contacts (id) on delete set null,
    vapi_call_id text,
    urgency text not null,
    message text not null,
    created_at timestamptz not null default now()
);

-- The times of a day, and which of them are free.
create function open_slots(org_id uuid, on_day date, minutes integer)
returns table (starts time, is_free boolean)
language plpgsql
stable
security definer
set search_path = pg_catalog, public
as $$
declare
    hours jsonb;
    zone text;
    opens integer;
    closes integer;
    clock timestamp;
    begins integer[];
    ends integer[];
begin
    select coalesce(o.settings -> 'hours' -> trim(to_char(on_day, 'day')), o.settings -> 'hours' -> 'default'), o.timezone
    into hours, zone
    from organizations as o
    where o.id = org_id;
    if not found or (hours ->> 'closed')::boolean then
        return;
    end if;
    opens := coalesce(extract(epoch from (hours ->> 'open')::time)::integer / 60, 480);
    closes := coalesce(extract(epoch from (hours ->> 'close')::time)::integer / 60, 1080);
    clock := now() at time zone zone;
    select
        array_agg(extract(epoch from a.scheduled_time)::integer / 60),
        array_agg(extract(epoch from a.scheduled_time)::integer / 60 + a.duration_minutes)
    into begins, ends
    from appointments as a
    where a.organization_id = org_id and a.scheduled_date = on_day and a.status in ('pending', 'confirmed');
    return query
    select
        make_time(s.minute / 60, s.minute % 60, 0),
        on_day + make_time(s.minute / 60, s.minute % 60, 0) > clock
        and not exists (
            select from unnest(begins, ends) as b (opened, closed)
            where b.opened < s.minute + minutes and b.closed > s.minute
        )
    from generate_series(opens, closes - minutes, minutes) as s (minute);
end
$$;

-- Who is told first.
create function on_call_contact(org_id uuid, urgency text) returns contacts
language plpgsql
stable
security definer
set search_path = pg_catalog, public
as $$
declare
    found_contact contacts;
begin
    select c.*
    into found_contact
    from contacts as c
    join organizations as o on o.id = c.organization_id
    cross join lateral (select (now() at time zone o.timezone)::time as clock) as n
    where c.organization_id = org_id and c.is_active
    order by
        case
            when c.available_from is null or c.available_to is null then true
            when c.available_from <= c.available_to then n.clock >= c.available_from and n.clock < c.available_to
            else n.clock >= c.available_from or n.clock < c.available_to
        end desc,
        (urgency in ('high', 'critical') and c.is_primary) desc,
        c.priority
    limit 1;
    return found_contact;
end
$$;

-- Books in one round trip: a lock for the day, a look for what overlaps, the customer, the appointment.
create function book_visit(
    number_id text, call_id text, caller_name text, caller_phone text, on_day date, at_time time, kind text, minutes integer
) returns text
language plpgsql
set search_path = pg_catalog, public
as $$
declare
    org_id uuid;
    customer uuid;
begin
    select p.organization_id into org_id from phone_numbers as p where p.vapi_id = number_id and p.is_active;
    if not found then
        return null;
    end if;
    perform pg_advisory_xact_lock(hashtextextended(org_id::text, on_day - date '2000-01-01'));
    if exists (
        select from appointments as a
        where
            a.organization_id = org_id and a.scheduled_date = on_day and a.status in ('pending', 'confirmed')
            and a.scheduled_time - time '00:00' < at_time - time '00:00' + make_interval(mins => minutes)
            and a.scheduled_time - time '00:00' + make_interval(mins => a.duration_minutes) > at_time - time '00:00'
    ) then
        return 'taken';
    end if;
    insert into customers as c (organization_id, name, phone, appointments_total, last_appointment)
    values (org_id, caller_name, caller_phone, 1, on_day)
    on conflict (organization_id, phone) do update
    set
        appointments_total = c.appointments_total + 1,
        last_appointment = excluded.last_appointment,
        updated_at = now()
    returning c.id into customer;
    insert into appointments (
        organization_id, customer_id, vapi_call_id, customer_name, customer_phone, appointment_type, scheduled_date,
        scheduled_time, duration_minutes, status
    )
    values (org_id, customer, call_id, caller_name, caller_phone, kind, on_day, at_time, minutes, 'confirmed');
    return 'booked';
end
$$;
