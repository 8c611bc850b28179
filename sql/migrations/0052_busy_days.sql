-- What the search for free time reads on a plain day instead of the visits and the settings: the busy time of each crew, the slots of each
-- weekday, and the days that are not plain. Kept by triggers (sql/functions/keep_busy_days.sql, write_calendar.sql), which fill it here as
-- well: an organization whose `odd_until` is null is not filled yet, and is searched the other way.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create table private.busy_days (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    day date not null,
    crew integer not null,
    busy tsmultirange not null,
    primary key (organization_id, day, crew)
);

comment on table private.busy_days is
'When each crew is busy on a day, on the organization''s clock: its visits with what each needs before and after it';
comment on column private.busy_days.crew is '0: the whole organization is busy, with something that is no visit; its time is part of each crew''s';

alter table private.busy_days enable row level security;

create table private.weekday_slots (
    organization_id uuid not null references public.organizations (id) on delete cascade,
    weekday smallint not null,
    starts time[] not null,
    rooms smallint[] not null,
    opens smallint not null,
    closes smallint not null,
    primary key (organization_id, weekday)
);

comment on table private.weekday_slots is 'When visits can start on a weekday, and how long each can be';
comment on column private.weekday_slots.weekday is 'days from a Sunday';
comment on column private.weekday_slots.rooms is 'minutes from each start to the end of the opening hours';
comment on column private.weekday_slots.opens is 'minutes from midnight to the first start';
comment on column private.weekday_slots.closes is 'minutes from midnight to the last end of the opening hours';

alter table private.weekday_slots enable row level security;

alter table private.calendars
add column odd_days date[],
add column odd_since date,
add column odd_until date,
add column held_until timestamptz not null default '-infinity',
add column version bigint not null default 0;

comment on column private.calendars.odd_days is 'days near a change of the clocks, special days, and the days after those';
comment on column private.calendars.odd_until is 'the last day for which odd_days is known';
comment on column private.calendars.held_until is 'when the last hold of a slot ends';
comment on column private.calendars.version is 'another one whenever anything here or in weekday_slots changes, but for held_until';
