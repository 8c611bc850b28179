-- What a firm does, who of it can do what, and what a visit takes from the day of its crew.
-- Indexes are made and dropped while nobody writes: within this transaction, and within its time. The new columns are empty, so
-- that their constraints are found to hold in one reading.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion, constraint-missing-not-valid
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.services (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    name varchar(100) not null check (btrim(name) <> ''),
    name_es varchar(100) check (btrim(name_es) <> ''),
    -- What callers call it besides.
    keywords text[] not null default '{}' check (cardinality(keywords) <= 50),
    duration_minutes integer not null default 60 check (duration_minutes between 1 and 480),
    -- Null: the organization's.
    buffer_before_minutes integer check (buffer_before_minutes between 0 and 240),
    buffer_after_minutes integer check (buffer_after_minutes between 0 and 240),
    -- Null: any crew can do it.
    required_skill varchar(50) check (btrim(required_skill) <> ''),
    -- Whole dollars; null: not quoted.
    price_from integer check (price_from between 0 and 1000000),
    price_to integer check (price_to between price_from and 1000000),
    -- The one that is meant when a caller names none that is known.
    is_default boolean not null default false,
    is_active boolean not null default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    check (price_to is null or price_from is not null)
);

create unique index services_name on public.services (organization_id, private.name_key(name));
create unique index services_default on public.services (organization_id) where is_default and is_active;

alter table public.services enable row level security;
revoke truncate, trigger, references on public.services from anon, authenticated;

-- A crew that is not listed can do what needs no skill.
create table public.crews (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    number integer not null check (number between 1 and 100),
    name varchar(100),
    skills text[] not null default '{}' check (cardinality(skills) <= 50),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    primary key (organization_id, number)
);

alter table public.crews enable row level security;
revoke truncate, trigger, references on public.crews from anon, authenticated;

-- What a visit needs: how long it is, what its crew needs before and after it (null: the organization's), what the crew must be
-- able to do, and where it is, as far as any of it is known.
create type private.visit as (
    minutes integer,
    before_minutes integer,
    after_minutes integer,
    skill text,
    address_key text,
    postal_code text
);

-- A visit keeps what its service needed when it was booked: what is changed later is for later visits.
alter table public.appointments
add column service_id uuid,
add column postal_code varchar(20),
add column required_skill varchar(50),
add column buffer_before_minutes integer,
add column buffer_after_minutes integer,
add constraint appointments_service_id_fkey
foreign key (service_id) references public.services (id) on delete set null not valid,
add constraint appointments_buffers_check
check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240) not valid;

alter table public.appointments validate constraint appointments_service_id_fkey;
alter table public.appointments validate constraint appointments_buffers_check;

create index appointments_service on public.appointments (service_id) where service_id is not null;

-- The search for free slots reads this index alone, so all that it asks for is in it.
create index appointments_active_visits
on public.appointments (organization_id, scheduled_date)
include (id, crew, busy, buffer_before_minutes, buffer_after_minutes)
where status in ('pending', 'confirmed');

drop index public.appointments_active_day;
