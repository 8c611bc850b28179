-- Visits. Two of one crew cannot overlap, whoever writes them: the table refuses it.
--
-- `busy` is the visit's time on the clock of the firm, half open, kept by a trigger. It reaches to the later of start plus
-- duration and what the clock says when the duration is over: on the night when the clocks go forward the hour that passes is
-- covered, on the night when they go back both of the repeated hours are. `status` and `duration_minutes` are required, since
-- a null would escape both the constraint and the search for free slots.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.appointments (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    customer_id uuid references public.customers (id) on delete set null,
    vapi_call_id varchar(255),
    customer_name varchar(255) not null,
    customer_phone varchar(20) not null,
    customer_email varchar(255),
    service_address text,
    appointment_type varchar(50) not null,
    service_description text,
    scheduled_date date not null,
    scheduled_time time not null,
    duration_minutes integer not null default 60 check (duration_minutes > 0 and duration_minutes <= 480),
    status varchar(20) not null default 'pending'
    check (status in ('pending', 'confirmed', 'cancelled', 'completed', 'no_show')),
    language_preference varchar(5) default 'en' check (language_preference in ('en', 'es')),
    sms_sent boolean default false,
    sms_reminder_sent boolean default false,
    google_calendar_event_id varchar(255),
    outlook_calendar_event_id varchar(255),
    calendly_event_id varchar(255),
    calendar_provider varchar(20) check (calendar_provider in ('google', 'outlook', 'calendly', 'none')),
    urgency_score decimal(3, 2) check (urgency_score >= 0 and urgency_score <= 1),
    emergency_detected boolean default false,
    notes text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    confirmed_at timestamptz,
    cancelled_at timestamptz,
    completed_at timestamptz,
    crew integer not null,
    busy tsrange not null,
    constraint appointments_no_overlap exclude using gist (
        organization_id with operator(pg_catalog.=),
        crew with operator(pg_catalog.=),
        busy with operator(pg_catalog.&&)
    ) where (status in ('pending', 'confirmed')),
    -- Foreign keys ignore row level security; this one keeps the customer within the firm.
    foreign key (organization_id, customer_id)
    references public.customers (organization_id, id) on delete set null (customer_id)
);

create index idx_appointments_org on public.appointments (organization_id);
create index idx_appointments_date on public.appointments (scheduled_date);
create index idx_appointments_status on public.appointments (status);
create index idx_appointments_phone on public.appointments (customer_phone);

-- The search for free slots reads this index alone; with those above it read 45 times as long.
create index appointments_active_day
on public.appointments (organization_id, scheduled_date) include (crew, busy)
where status in ('pending', 'confirmed');

create index appointments_call on public.appointments (organization_id, vapi_call_id);
create index appointments_customer on public.appointments (organization_id, customer_id);
create index appointments_customer_alone on public.appointments (customer_id);

alter table public.appointments enable row level security;
revoke truncate, trigger, references on public.appointments from anon, authenticated;
