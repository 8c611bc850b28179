-- The firms. Everything below belongs to one of them.
-- `settings` holds the rules of booking; sql/settings.schema.json describes it and a trigger checks it on write.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.organizations (
    id uuid primary key default gen_random_uuid(),
    name varchar(255) not null,
    industry varchar(50) not null,
    timezone varchar(50) default 'America/New_York',
    phone_provider varchar(20) default 'vapi',
    twilio_account_sid varchar(255),
    twilio_auth_token text,
    byo_sip_credentials jsonb,
    calendar_provider varchar(20),
    google_calendar_id varchar(255),
    google_refresh_token text,
    outlook_calendar_id varchar(255),
    outlook_refresh_token text,
    calendly_api_key varchar(255),
    calendly_user_uri varchar(255),
    calendar_sync_enabled boolean default false,
    calendar_metadata jsonb default '{}',
    transfer_phone_number varchar(20),
    transfer_mode varchar(10) default 'warm',
    emergency_contact_phone varchar(20),
    max_transfer_wait_time integer default 30,
    settings jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

alter table public.organizations enable row level security;
revoke truncate, trigger, references on public.organizations from anon, authenticated;
