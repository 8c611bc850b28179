-- People who take emergencies, and when: days by their lower-case English names (null: every day, empty: never), hours on the
-- clock of the firm (null: always; a window over midnight belongs to the day on which it starts; start = end: 24 hours).
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table public.emergency_contacts (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    name varchar(255) not null,
    phone varchar(20) not null,
    email varchar(255),
    role varchar(100),
    is_primary boolean default false,
    is_active boolean default true,
    available_days text[],
    available_hours_start time,
    available_hours_end time,
    priority integer default 1,
    escalation_timeout integer default 30,
    sms_enabled boolean default true,
    call_enabled boolean default true,
    email_enabled boolean default false,
    notes text,
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    -- What a composite foreign key points at: a contact of the same firm.
    unique (organization_id, id)
);

comment on column public.emergency_contacts.priority is '1 is the highest';
comment on column public.emergency_contacts.escalation_timeout is 'seconds';

create index idx_emergency_contacts_org on public.emergency_contacts (organization_id);
create index idx_emergency_contacts_priority on public.emergency_contacts (priority);

alter table public.emergency_contacts enable row level security;
revoke truncate, trigger, references on public.emergency_contacts from anon, authenticated;
