-- Closures and days with other hours. A row replaces the hours of its weekday on that one date: no windows mean closed, and
-- a day that is closed for a while in the middle has a window before and one after. A window belongs to the day on which it
-- starts, so a closed Friday does not cut Thursday's 20:00 to 03:00.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.special_days (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    special_date date not null,
    hours jsonb not null default '[]',
    reason varchar(255),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (organization_id, special_date)
);

alter table public.special_days enable row level security;
revoke truncate, trigger, references on public.special_days from anon, authenticated;
