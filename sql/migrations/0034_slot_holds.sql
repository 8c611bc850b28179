-- Times that are held for a caller for some minutes while they make up their mind. Two of one crew cannot overlap; that none
-- overlaps a visit is seen to by the functions that write both, under the organization's lock. Written by
-- private.hold_slot() alone, which deletes those that are over.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.slot_holds (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_call_id text not null,
    crew integer not null,
    scheduled_date date not null,
    busy tsrange not null,
    -- Null: the organization's.
    buffer_before_minutes integer,
    buffer_after_minutes integer,
    expires_at timestamptz not null,
    constraint slot_holds_no_overlap exclude using gist (
        organization_id with operator(pg_catalog.=),
        crew with operator(pg_catalog.=),
        busy with operator(pg_catalog.&&)
    ),
    -- A caller makes up their mind about one time.
    constraint slot_holds_one_a_call unique (organization_id, vapi_call_id)
);

create index slot_holds_day on private.slot_holds (organization_id, scheduled_date);
alter table private.slot_holds enable row level security;
