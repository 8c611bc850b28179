-- Feeds of appointments for calendar programs that subscribe to an address, and what such a feed says of each appointment: how often it was
-- changed.
-- The index is made with the table locked, for a minute at most.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.appointments add column revision integer not null default 0;

comment on column public.appointments.revision is 'how often it was changed in what a calendar shows; a trigger counts';

-- A feed has the appointments of the last weeks too. Those to come are in appointments_active_visits.
create index appointments_ended_visits on public.appointments (organization_id, scheduled_date)
where status in ('cancelled', 'completed', 'no_show');

create table private.calendar_feeds (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    crew integer check (crew >= 1),
    created_at timestamptz not null,
    unique nulls not distinct (organization_id, crew)
);

comment on column private.calendar_feeds.token_hash is 'SHA-256 of the token in the address, which is shown once';
comment on column private.calendar_feeds.crew is 'whose appointments; null: of the whole organization';
comment on column private.calendar_feeds.created_at is 'when the address was made';

alter table private.calendar_feeds enable row level security;
