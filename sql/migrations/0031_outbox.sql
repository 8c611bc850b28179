-- What must happen outside the database once the transaction that decided it is committed: text messages, calls, e-mails,
-- commands to a live call. `due_at` says when a row next needs somebody: to be sent, to be looked into after an attempt whose end is
-- not known, to be asked after when the provider stays silent. It is null once nothing more is to be done. An attempt is written
-- down before it is made.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.outbox (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    kind text not null check (kind in ('sms', 'voice', 'hang_up', 'email', 'say')),
    -- 0 is sent before everything else.
    priority smallint not null check (priority between 0 and 9),
    -- An effect that is decided twice is written once.
    dedupe_key text not null,
    sms_id uuid references public.sms_communications (id) on delete cascade,
    notification_id uuid references public.emergency_notifications (id) on delete cascade,
    appointment_id uuid references public.appointments (id) on delete cascade,
    payload jsonb not null default '{}',
    state text not null default 'pending'
    check (state in ('pending', 'sending', 'unknown', 'accepted', 'done', 'failed', 'cancelled')),
    attempts smallint not null default 0,
    due_at timestamptz,
    expires_at timestamptz,
    provider_sid text,
    provider_status text,
    -- How far the provider has come; reports that say less come late and change nothing.
    provider_rank smallint not null default -1,
    error_code text,
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    unique (organization_id, dedupe_key),
    check (due_at is not null or state in ('accepted', 'done', 'failed', 'cancelled'))
);

comment on column private.outbox.state is
'pending: to be sent; sending: an attempt is under way; unknown: an attempt had no answer; accepted: the provider has it; done; failed: given up; cancelled';

create index outbox_due on private.outbox (priority, due_at) where due_at is not null;
create index outbox_failed on private.outbox (organization_id, settled_at) where state = 'failed';
create index outbox_notification on private.outbox (notification_id) where notification_id is not null;
create index outbox_appointment on private.outbox (appointment_id) where appointment_id is not null;
create index outbox_sms on private.outbox (sms_id) where sms_id is not null;
create index outbox_sid on private.outbox (provider_sid) where provider_sid is not null;
alter table private.outbox enable row level security;

create table private.outbox_attempts (
    id uuid primary key default gen_random_uuid(),
    effect_id uuid not null references private.outbox (id) on delete cascade,
    organization_id uuid not null references public.organizations (id) on delete cascade,
    started_at timestamptz not null,
    finished_at timestamptz,
    -- accepted, refused, busy, unreached, unknown; null while it is under way
    outcome text,
    error_code text,
    -- Made although an earlier one may have gone through: what it sends may arrive twice.
    may_repeat boolean not null default false
);

create index outbox_attempts_effect on private.outbox_attempts (effect_id, started_at);
create index outbox_attempts_organization on private.outbox_attempts (organization_id);
alter table private.outbox_attempts enable row level security;

-- How much an organization used of what costs money, for its limits a day.
create table private.daily_usage (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    used_on date not null,
    kind text not null check (kind in ('message', 'page', 'transfer')),
    used integer not null,
    primary key (organization_id, used_on, kind)
);

alter table private.daily_usage enable row level security;
