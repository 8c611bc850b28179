-- What contacts are told of emergencies.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.emergency_notifications (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    emergency_contact_id uuid references public.emergency_contacts (id) on delete set null,
    vapi_call_id varchar(255),
    notification_type varchar(50) not null,
    urgency varchar(20) not null,
    message text not null,
    status varchar(20) default 'pending' check (status in ('pending', 'sent', 'delivered', 'failed', 'acknowledged')),
    sent_at timestamptz,
    delivered_at timestamptz,
    acknowledged_at timestamptz,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    foreign key (organization_id, emergency_contact_id)
    references public.emergency_contacts (organization_id, id) on delete set null (emergency_contact_id)
);

create index emergency_notifications_call on public.emergency_notifications (organization_id, vapi_call_id);
create index emergency_notifications_contact on public.emergency_notifications (organization_id, emergency_contact_id);
create index emergency_notifications_contact_alone on public.emergency_notifications (emergency_contact_id);

alter table public.emergency_notifications enable row level security;
revoke truncate, trigger, references on public.emergency_notifications from anon, authenticated;
