-- Callers who were handed to a person. `updated_at` is not in the original list of columns, though every table was meant to
-- have it.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.call_transfers (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_call_id varchar(255) not null,
    reason varchar(255),
    urgency varchar(20),
    summary text,
    customer_name varchar(255),
    transfer_to varchar(20),
    status varchar(20) default 'initiated'
    check (status in ('initiated', 'connecting', 'connected', 'completed', 'failed', 'no_answer')),
    connected_at timestamptz,
    completed_at timestamptz,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index call_transfers_call on public.call_transfers (organization_id, vapi_call_id);

alter table public.call_transfers enable row level security;
revoke truncate, trigger, references on public.call_transfers from anon, authenticated;
