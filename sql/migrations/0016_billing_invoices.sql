-- What firms have been billed, as Stripe has it.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.billing_invoices (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    stripe_invoice_id varchar(255) unique not null,
    stripe_subscription_id varchar(255),
    amount_paid integer not null,
    currency varchar(3) default 'usd',
    status varchar(20) not null,
    paid_at timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

comment on column public.billing_invoices.amount_paid is 'cents';

create index billing_invoices_organization on public.billing_invoices (organization_id);

alter table public.billing_invoices enable row level security;
revoke truncate, trigger, references on public.billing_invoices from anon, authenticated;
