-- Who has work done by a firm, known by their number.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.customers (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    name varchar(255) not null,
    phone_number varchar(20) not null,
    email varchar(255),
    address text,
    primary_language varchar(5) default 'en' check (primary_language in ('en', 'es')),
    sms_enabled boolean default true,
    total_appointments integer default 0,
    total_spent decimal(10, 2) default 0,
    last_appointment_date date,
    notes text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (organization_id, phone_number),
    -- What a composite foreign key points at: a customer of the same firm.
    unique (organization_id, id)
);

create index idx_customers_org on public.customers (organization_id);
create index idx_customers_phone on public.customers (phone_number);

alter table public.customers enable row level security;
revoke truncate, trigger, references on public.customers from anon, authenticated;
