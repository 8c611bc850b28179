-- The parts of a visit's address (private.address_parts()), kept beside it: the search for free time compares them with those of where
-- the next visit is to be. Null on rows from before, whose address is read when it is asked for.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.appointments add column address_parts jsonb;
