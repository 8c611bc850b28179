-- Text messages, both ways.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.sms_communications (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    customer_id uuid references public.customers (id) on delete set null,
    phone_number varchar(20) not null,
    message_content text not null,
    message_type varchar(50) not null,
    language_code varchar(5) not null,
    direction varchar(10) not null check (direction in ('inbound', 'outbound')),
    status varchar(20) default 'sent' check (status in ('sent', 'delivered', 'failed', 'undelivered')),
    twilio_message_sid varchar(255),
    template_key varchar(100),
    variables jsonb default '{}',
    delivered_at timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    foreign key (organization_id, customer_id)
    references public.customers (organization_id, id) on delete set null (customer_id)
);

create index idx_sms_communications_org on public.sms_communications (organization_id);
create index idx_sms_created on public.sms_communications (created_at);
create index sms_communications_customer on public.sms_communications (organization_id, customer_id);
create index sms_communications_customer_alone on public.sms_communications (customer_id);

alter table public.sms_communications enable row level security;
revoke truncate, trigger, references on public.sms_communications from anon, authenticated;
