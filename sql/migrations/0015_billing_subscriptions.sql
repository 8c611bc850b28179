-- What firms have subscribed to, as Stripe has it.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.billing_subscriptions (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    stripe_subscription_id varchar(255) unique not null,
    stripe_customer_id varchar(255) not null,
    status varchar(20) not null,
    plan_name varchar(100) not null,
    current_period_start timestamptz not null,
    current_period_end timestamptz not null,
    cancel_at_period_end boolean default false,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index billing_subscriptions_organization on public.billing_subscriptions (organization_id);

alter table public.billing_subscriptions enable row level security;
revoke truncate, trigger, references on public.billing_subscriptions from anon, authenticated;
