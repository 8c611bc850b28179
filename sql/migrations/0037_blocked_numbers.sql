-- The numbers whose calls a firm does not take.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.blocked_numbers (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    phone_number varchar(20) not null check (phone_number ~ '^\+[1-9][0-9]{6,14}$'),
    reason varchar(255),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    primary key (organization_id, phone_number)
);

alter table public.blocked_numbers enable row level security;
revoke truncate, trigger, references on public.blocked_numbers from anon, authenticated;
