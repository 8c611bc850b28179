-- Webhook secrets of an organization's own. An HMAC needs the secret itself, so it cannot be stored as a hash; no client role
-- may use this schema.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.webhook_credentials (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    secret text not null check (length(secret) >= 1),
    created_at timestamptz not null default now(),
    retired_at timestamptz
);

create index webhook_credentials_organization on private.webhook_credentials (organization_id);
alter table private.webhook_credentials enable row level security;
