-- An emergency writes a row for each contact in line and for each page, with all of their indexes. No statement needs these: steps are found
-- by their incident, and so are pages, with `emergency_notifications_once`.
-- squawk-ignore-file require-concurrent-index-deletion
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

lock table public.emergency_notifications, private.incident_steps in access exclusive mode;

drop index public.emergency_notifications_incident;
drop index private.incident_steps_phone;
