-- What the staff of a firm must look at: an emergency that nobody took, a question that came as a text message, a caller who wants
-- to be called back.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.staff_tasks (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    kind varchar(30) not null check (kind in ('emergency', 'callback', 'question', 'delivery')),
    summary text not null,
    phone_number varchar(20),
    vapi_call_id varchar(255),
    status varchar(20) not null default 'open' check (status in ('open', 'done')),
    done_at timestamptz,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index staff_tasks_open on public.staff_tasks (organization_id, created_at) where status = 'open';
create index staff_tasks_organization on public.staff_tasks (organization_id);
-- A caller is to be called back once, whatever came to nothing.
create index staff_tasks_call on public.staff_tasks (organization_id, vapi_call_id) where vapi_call_id is not null;

alter table public.staff_tasks enable row level security;
revoke truncate, trigger, references on public.staff_tasks from anon, authenticated;
