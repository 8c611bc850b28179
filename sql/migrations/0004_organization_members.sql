-- Who works for which firm, and as what.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.organization_members (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role varchar(20) not null check (role in ('owner', 'admin', 'member')),
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (organization_id, user_id)
);

create index idx_organization_members_org on public.organization_members (organization_id);
create index organization_members_user on public.organization_members (user_id);

alter table public.organization_members enable row level security;
revoke truncate, trigger, references on public.organization_members from anon, authenticated;
