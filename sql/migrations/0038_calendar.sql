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
