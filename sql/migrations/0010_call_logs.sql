-- Calls, as their messages told of them.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.call_logs (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_call_id varchar(255) unique not null,
    vapi_assistant_id uuid references public.vapi_assistants (id) on delete set null,
    customer_phone_number varchar(20) not null,
    call_duration integer,
    call_status varchar(20) not null,
    language_detected varchar(5),
    emergency_detected boolean default false,
    urgency_score decimal(3, 2),
    transcript text,
    summary text,
    tools_used jsonb default '[]',
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    foreign key (organization_id, vapi_assistant_id)
    references public.vapi_assistants (organization_id, id) on delete set null (vapi_assistant_id)
);

comment on column public.call_logs.call_duration is 'seconds';

create index idx_call_logs_org on public.call_logs (organization_id);
create index idx_call_logs_created on public.call_logs (created_at);
create index idx_call_logs_status on public.call_logs (call_status);
create index call_logs_assistant on public.call_logs (organization_id, vapi_assistant_id);
create index call_logs_assistant_alone on public.call_logs (vapi_assistant_id);

alter table public.call_logs enable row level security;
revoke truncate, trigger, references on public.call_logs from anon, authenticated;
