-- Calendars that are kept elsewhere: the accounts that are connected, the calendars of them that are linked to an organization or a crew, when
-- those are busy, and the copies of appointments that are written into them. No title, place, description or person is stored.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- The busy time of linked calendars lies beside that of the appointments: `busy` has both, for whoever looks a day up.
alter table private.busy_days
add column timed tsmultirange not null default '{}',
add column whole tsmultirange not null default '{}';

comment on column private.busy_days.timed is 'when linked calendars are busy; what an appointment needs before and after it lies around that';
comment on column private.busy_days.whole is 'the same of events that last whole days; nothing lies around them';
comment on column private.busy_days.crew is '0: of the whole organization; its time is part of the busy time of each crew';

-- What the whole organization was busy with so far counted as timed.
update private.busy_days set timed = busy where crew = 0;

alter table private.calendars add column fresh_until timestamptz not null default 'infinity';

comment on column private.calendars.fresh_until is
'until when what linked calendars said counts as true; later, appointments are booked as pending';

alter table private.organization_secrets drop constraint organization_secrets_name_check;
alter table private.organization_secrets
add constraint organization_secrets_name_check check (
    name in ('twilio_auth_token', 'byo_sip_credentials', 'google_refresh_token', 'outlook_refresh_token', 'calendly_api_key')
    or name ~ '^calendar/[0-9a-f-]{36}$'
) not valid;

create table private.calendar_accounts (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    provider text not null check (provider in ('google', 'outlook', 'calendly', 'caldav')),
    address text,
    username text,
    secret_name text not null,
    scopes text[] not null default '{}',
    state text not null default 'live' check (state in ('live', 'revoked')),
    claimed_until timestamptz,
    created_at timestamptz not null default now(),
    unique (organization_id, secret_name),
    check ((provider = 'caldav') = (address is not null))
);

comment on column private.calendar_accounts.address is 'the address of a CalDAV server';
comment on column private.calendar_accounts.secret_name is
'which row of organization_secrets holds its password or refresh token: `calendar/` and the id, or a column of organizations';
comment on column private.calendar_accounts.claimed_until is
'while its credential is refreshed: the provider may give another one, and two who refresh at once would lose the account';
comment on column private.calendar_accounts.state is 'revoked: the provider takes the credential no more; only a person can connect it again';

create table private.calendar_links (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    account_id uuid not null references private.calendar_accounts (id) on delete cascade,
    calendar text not null,
    scope text not null default 'organization' check (scope in ('organization', 'crew', 'any')),
    crew integer check (crew >= 1),
    reads boolean not null default true,
    writes boolean not null default true,
    cursor text,
    window_first date,
    window_last date,
    last_synced_at timestamptz,
    last_full_at timestamptz,
    shrunk_at timestamptz,
    failures integer not null default 0,
    failure_code text,
    due_at timestamptz,
    asked_at timestamptz,
    claimed_until timestamptz,
    channel_id text,
    channel_secret bytea,
    channel_resource text,
    channel_expires_at timestamptz,
    created_at timestamptz not null default now(),
    unique (account_id, calendar),
    check ((scope = 'crew') = (crew is not null))
);

comment on column private.calendar_links.calendar is 'the provider''s id of the calendar, or its path on a CalDAV server';
comment on column private.calendar_links.scope is
'whose time it is: of the whole organization, of one crew, or of any one crew, as many as there are events at a time';
comment on column private.calendar_links.cursor is 'from where the provider tells what has changed; null: everything is listed';
comment on column private.calendar_links.shrunk_at is
'when a listing would have removed more than half of the events; a second one must agree with it';
comment on column private.calendar_links.asked_at is 'when whoever has claimed it began to read';
comment on column private.calendar_links.channel_secret is 'SHA-256 of what the provider sends along with a notification';

create index calendar_links_organization on private.calendar_links (organization_id);
create index calendar_links_due on private.calendar_links (due_at) where due_at is not null;
create unique index calendar_links_channel on private.calendar_links (channel_id) where channel_id is not null;

create table private.external_events (
    link_id uuid not null references private.calendar_links (id) on delete cascade,
    resource text not null,
    instance text not null,
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    crew integer not null,
    starts_at timestamptz,
    ends_at timestamptz,
    first_day date,
    end_day date,
    span tsrange not null,
    primary key (link_id, resource, instance),
    check ((first_day is null) = (starts_at is not null))
);

comment on table private.external_events is 'when linked calendars are busy; not why, where, or with whom';
comment on column private.external_events.instance is 'which of a series it is';
comment on column private.external_events.crew is 'whose time it takes; 0: of the whole organization';
comment on column private.external_events.span is 'the time it takes on the organization''s clock';
comment on column private.external_events.end_day is 'the day after the last one';

create index external_events_organization on private.external_events using gist (organization_id, span);

create table private.calendar_copies (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    link_id uuid not null references private.calendar_links (id) on delete cascade,
    appointment_id uuid references public.appointments (id) on delete set null,
    original_id uuid not null,
    generation smallint not null default 1,
    is_wanted boolean not null default true,
    resource text,
    etag text,
    written jsonb,
    written_at timestamptz,
    seen jsonb,
    seen_at timestamptz,
    due_at timestamptz,
    claimed_until timestamptz,
    attempts integer not null default 0,
    failure_code text,
    unique (link_id, original_id)
);

comment on table private.calendar_copies is 'events of ours in linked calendars: what was written there, and what was found there since';
comment on column private.calendar_copies.original_id is 'the appointment, also when it is deleted';
comment on column private.calendar_copies.generation is 'the next one, where an event was deleted elsewhere: its id is never free again';
comment on column private.calendar_copies.written is '{"starts", "minutes", "is_tentative", "text"}: on the organization''s clock, and a hash of the words';
comment on column private.calendar_copies.seen is '{"starts", "minutes"} or null with seen_at: what somebody made of it there';

create unique index calendar_copies_resource on private.calendar_copies (link_id, resource) where resource is not null;
create index calendar_copies_appointment on private.calendar_copies (appointment_id);
create index calendar_copies_organization on private.calendar_copies (organization_id);
create index calendar_copies_due on private.calendar_copies (due_at) where due_at is not null;

create table private.calendar_conflicts (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    appointment_id uuid not null references public.appointments (id) on delete cascade,
    link_id uuid not null references private.calendar_links (id) on delete cascade,
    kind text not null check (kind in ('overlap', 'moved', 'deleted')),
    task_id uuid references public.staff_tasks (id) on delete set null,
    opened_at timestamptz not null,
    closed_at timestamptz
);

comment on column private.calendar_conflicts.kind is
'overlap: somebody entered something over an appointment; moved, deleted: somebody did that to its event, and it cannot follow';

create unique index calendar_conflicts_open on private.calendar_conflicts (appointment_id, link_id, kind) where closed_at is null;
create index calendar_conflicts_appointment on private.calendar_conflicts (appointment_id);
create index calendar_conflicts_organization on private.calendar_conflicts (organization_id);
create index calendar_conflicts_link on private.calendar_conflicts (link_id);
create index calendar_conflicts_task on private.calendar_conflicts (task_id) where task_id is not null;

-- Appointments that were booked while nobody knew what a linked calendar says. They confirm themselves once it is known to be free.
create table private.unconfirmed_appointments (
    appointment_id uuid primary key references public.appointments (id) on delete cascade,
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred
);

create index unconfirmed_appointments_organization on private.unconfirmed_appointments (organization_id);

alter table public.staff_tasks drop constraint staff_tasks_kind_check;
alter table public.staff_tasks
add constraint staff_tasks_kind_check
check (kind in ('emergency', 'callback', 'question', 'delivery', 'owner', 'calendar')) not valid;

alter table private.calendar_accounts enable row level security;
alter table private.calendar_links enable row level security;
alter table private.external_events enable row level security;
alter table private.calendar_copies enable row level security;
alter table private.calendar_conflicts enable row level security;
alter table private.unconfirmed_appointments enable row level security;

-- Owners who are asked for their consent in a browser, until the command that asked picks up the code that they come back with.
create table private.calendar_consents (
    state_hash bytea primary key,
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    expires_at timestamptz not null,
    code text,
    key_id text,
    refusal text
);

comment on column private.calendar_consents.state_hash is 'SHA-256 of what the owner is sent with and comes back with';
comment on column private.calendar_consents.code is 'sealed; worth nothing without what the command keeps';

create index calendar_consents_organization on private.calendar_consents (organization_id);

alter table private.calendar_consents enable row level security;
