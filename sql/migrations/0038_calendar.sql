-- What the search for free time knows of an organization: its settings, read once when they are written and not in each search. Kept by a
-- trigger (sql/functions/write_calendar.sql), which fills it here as well.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.calendars (
    organization_id uuid primary key references public.organizations (id) on delete cascade,
    zone text not null,
    capacity integer not null,
    step interval not null,
    lead_time interval not null,
    lead_days integer not null,
    horizon_days integer not null,
    before_minutes integer not null,
    after_minutes integer not null,
    travel_minutes integer not null,
    -- Those that the organization comes to; null: all.
    postal_codes jsonb,
    -- The opening windows of the model week from Monday 2001-01-01 on, and of the Sunday before it.
    weekly tsrange[] not null
);

alter table private.calendars enable row level security;

-- The same for one search: what the visit needs, and the moment.
create type private.calendar as (
    organization_id uuid,
    zone text,
    weekly tsrange[],
    capacity integer,
    step interval,
    -- What other visits need where they do not say so themselves.
    before_minutes integer,
    after_minutes integer,
    travel_minutes integer,
    -- How long the visit takes, what its crew needs before and after it with the way, and where it is.
    minutes integer,
    before interval,
    after interval,
    address_key text,
    -- The crews that can be sent; null: all. Whether the firm comes there; null: not known.
    able integer[],
    comes_there boolean,
    clock timestamptz,
    today date,
    -- The first moment and the days that can be booked.
    earliest timestamptz,
    earliest_local timestamp,
    first_day date,
    last_day date
);
