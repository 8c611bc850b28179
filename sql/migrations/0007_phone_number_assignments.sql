-- The telephone numbers of a firm. A call finds its firm by them, so a number that is in use, and an id of Vapi's, belong to
-- one firm only.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.phone_number_assignments (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    vapi_assistant_id uuid references public.vapi_assistants (id) on delete set null,
    phone_number varchar(20) not null,
    vapi_phone_number_id varchar(255),
    phone_provider varchar(20) not null check (phone_provider in ('vapi', 'twilio', 'byo')),
    capabilities text[] default '{"voice"}',
    is_active boolean default true,
    assigned_at timestamptz default now(),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (organization_id, phone_number),
    -- Foreign keys ignore row level security; this one keeps the assistant within the firm.
    foreign key (organization_id, vapi_assistant_id)
    references public.vapi_assistants (organization_id, id) on delete set null (vapi_assistant_id)
);

create index idx_phone_assignments_org on public.phone_number_assignments (organization_id);
create index idx_phone_assignments_number on public.phone_number_assignments (phone_number);
create index phone_number_assignments_assistant
on public.phone_number_assignments (organization_id, vapi_assistant_id);
create index phone_number_assignments_assistant_alone on public.phone_number_assignments (vapi_assistant_id);
create unique index phone_number_assignments_active_number
on public.phone_number_assignments (phone_number) where is_active;
create unique index phone_number_assignments_vapi_id
on public.phone_number_assignments (vapi_phone_number_id) where vapi_phone_number_id is not null;

alter table public.phone_number_assignments enable row level security;
revoke truncate, trigger, references on public.phone_number_assignments from anon, authenticated;
