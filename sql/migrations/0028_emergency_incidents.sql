-- Emergencies, each told to one contact after the other until somebody takes it. `due_at` says when the chain moves on; it is null
-- while nothing is to come. What the chain is made of is taken down when it begins, so that a roster that is changed meanwhile
-- changes nothing for it.
-- Indexes are made with the tables locked against writes, for a minute at most: what these hold is counted in thousands.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Short enough to be typed into a text message, and not used again for a long while.
create sequence private.incident_codes minvalue 100 maxvalue 999 start 100 cycle;

create table public.emergency_incidents (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    code smallint not null default nextval('private.incident_codes'),
    vapi_call_id varchar(255),
    caller_number varchar(20),
    callback_number varchar(20),
    service_address text,
    address_key text,
    urgency varchar(20) not null check (urgency in ('low', 'normal', 'high', 'critical')),
    message text not null,
    language_code varchar(5) not null default 'en' check (language_code in ('en', 'es')),
    status varchar(20) not null default 'open' check (status in ('open', 'exhausted', 'acknowledged', 'closed')),
    -- How far the chain is, and how many rounds it goes.
    round smallint not null default 0,
    step smallint,
    rounds smallint not null default 3,
    due_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_name varchar(255),
    acknowledged_phone varchar(20),
    -- Whose turn in the chain it was: who has no telephone is known by it alone.
    acknowledged_step smallint,
    acknowledged_via varchar(20) check (acknowledged_via in ('sms', 'voice', 'link', 'staff')),
    -- Those who were paged, and the caller, have been told of the acknowledgement.
    announced_at timestamptz,
    closed_at timestamptz,
    opened_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (status <> 'acknowledged' or acknowledged_at is not null)
);

create index emergency_incidents_call on public.emergency_incidents (organization_id, vapi_call_id);
create index emergency_incidents_caller on public.emergency_incidents (organization_id, caller_number, opened_at);
-- Those that somebody still has to do with: few, however many there have been.
create index emergency_incidents_live on public.emergency_incidents (organization_id, opened_at) where status <> 'closed';
create index emergency_incidents_due on public.emergency_incidents (due_at) where due_at is not null;

alter table public.emergency_incidents enable row level security;
revoke truncate, trigger, references on public.emergency_incidents from anon, authenticated;

-- Whom an incident is told, in order. The one with `is_last_resort` comes once, after the last round.
create table private.incident_steps (
    incident_id uuid not null references public.emergency_incidents (id) on delete cascade,
    step smallint not null,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    emergency_contact_id uuid references public.emergency_contacts (id) on delete set null,
    name text,
    phone text,
    email text,
    by_sms boolean not null,
    by_voice boolean not null,
    by_email boolean not null,
    language_code text not null,
    timeout_seconds integer not null check (timeout_seconds > 0),
    is_last_resort boolean not null default false,
    primary key (incident_id, step)
);

create index incident_steps_organization on private.incident_steps (organization_id);
create index incident_steps_contact on private.incident_steps (emergency_contact_id);
create index incident_steps_phone on private.incident_steps (phone);
alter table private.incident_steps enable row level security;

-- The calls in which an incident was reported, and where each takes commands. Whoever has that address can command the call, so no
-- client may read it.
create table private.incident_calls (
    incident_id uuid not null references public.emergency_incidents (id) on delete cascade,
    vapi_call_id text not null,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    control_url text,
    language_code text not null,
    primary key (incident_id, vapi_call_id)
);

create index incident_calls_call on private.incident_calls (organization_id, vapi_call_id);
alter table private.incident_calls enable row level security;

-- One row a contact, channel and round: `notification_type` is the channel.
alter table public.emergency_notifications
add column incident_id uuid,
add column step smallint,
add column round smallint,
add column phone_number varchar(20),
add column provider_sid varchar(255),
add column provider_status varchar(50),
add column error_code varchar(50),
add constraint emergency_notifications_incident_id_fkey
foreign key (incident_id) references public.emergency_incidents (id) on delete cascade not valid;

create index emergency_notifications_incident on public.emergency_notifications (incident_id);
create index emergency_notifications_phone on public.emergency_notifications (phone_number, created_at);
create unique index emergency_notifications_once
on public.emergency_notifications (incident_id, round, step, notification_type) where incident_id is not null;
