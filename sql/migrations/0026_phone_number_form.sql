-- A number is known by its form, E.164: in another, two firms could have one and the same.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.phone_number_assignments
add constraint phone_number_assignments_number_is_e164 check (phone_number ~ '^\+[1-9][0-9]{6,14}$') not valid;
