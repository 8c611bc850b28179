-- Events of ours that stay in a calendar that is disconnected: when it is linked again, they are ours again, and nothing is written twice.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.disconnected_copies (
    organization_id uuid not null references public.organizations (id) on delete cascade deferrable initially deferred,
    provider text not null,
    calendar text not null,
    original_id uuid not null,
    resource text not null,
    etag text,
    written jsonb not null,
    primary key (organization_id, provider, calendar, original_id)
);

comment on table private.disconnected_copies is 'events of ours in calendars that are not linked any more';
comment on column private.disconnected_copies.calendar is 'as private.calendar_identity() has it';
comment on column private.disconnected_copies.original_id is 'the appointment, also when it is deleted';
comment on column private.disconnected_copies.written is 'as in private.calendar_copies';

alter table private.disconnected_copies enable row level security;
