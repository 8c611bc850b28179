-- What a search for free time knows before it looks at a day: the rules of the organization, what the visit needs, and the moment.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

create type private.calendar as (
    organization_id uuid,
    zone text,
    settings jsonb,
    capacity integer,
    step interval,
    -- What other visits need where they do not say so themselves.
    before_minutes integer,
    after_minutes integer,
    travel_minutes integer,
    -- How long the visit takes, what its crew needs before and after it with the way, and where it is.
    minutes integer,
    before interval,
    after interval,
    address_key text,
    -- The crews that can be sent; null: all. Whether the firm comes there; null: not known.
    able integer[],
    comes_there boolean,
    clock timestamptz,
    today date,
    -- The first moment and the days that can be booked.
    earliest timestamptz,
    earliest_local timestamp,
    first_day date,
    last_day date
);
