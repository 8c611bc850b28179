-- When the reminders of an organization are queued next: the day before the visits, on its own clock.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.reminder_schedule (
    organization_id uuid primary key references public.organizations (id) on delete cascade,
    next_at timestamptz not null
);

create index reminder_schedule_next on private.reminder_schedule (next_at);
alter table private.reminder_schedule enable row level security;
