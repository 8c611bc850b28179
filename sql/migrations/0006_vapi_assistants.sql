-- The voice agents that answer for a firm.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.vapi_assistants (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_assistant_id varchar(255) unique not null,
    name varchar(255) not null,
    industry varchar(50) not null,
    language varchar(5) not null check (language in ('en', 'es')),
    system_prompt text not null,
    voice_config jsonb not null,
    tools_config jsonb default '[]',
    is_active boolean default true,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    -- What a composite foreign key points at: an assistant of the same firm.
    unique (organization_id, id)
);

create index idx_vapi_assistants_org on public.vapi_assistants (organization_id);

alter table public.vapi_assistants enable row level security;
revoke truncate, trigger, references on public.vapi_assistants from anon, authenticated;
