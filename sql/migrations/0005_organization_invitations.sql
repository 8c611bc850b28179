-- Invitations to work for a firm.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.organization_invitations (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    invited_by_user_id uuid not null references auth.users (id) on delete cascade,
    invited_email varchar(255) not null,
    role varchar(20) not null,
    token varchar(255) unique not null,
    status varchar(20) default 'pending' check (status in ('pending', 'accepted', 'declined', 'expired')),
    expires_at timestamptz default (now() + interval '7 days'),
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index organization_invitations_organization on public.organization_invitations (organization_id);
create index organization_invitations_inviter on public.organization_invitations (invited_by_user_id);

alter table public.organization_invitations enable row level security;
revoke truncate, trigger, references on public.organization_invitations from anon, authenticated;
