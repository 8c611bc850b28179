-- Organizations whose calls are suspended by the operator. It is no column of the organization, whose members could take it back.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.suspensions (
    organization_id uuid primary key references public.organizations (id) on delete cascade,
    reason text,
    suspended_at timestamptz not null default now()
);

comment on table private.suspensions is
'Organizations whose callers can report emergencies and nothing else, until the row is deleted';

alter table private.suspensions enable row level security;
