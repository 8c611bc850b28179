-- An emergency writes a row for each contact in line and for each page, with all of their indexes. No statement needs these: steps are found
-- by their incident, and so are pages, with `emergency_notifications_once`.
--
-- Steps, calls and lines are deleted with their incident or transfer, whose own key leads to the organization.
-- squawk-ignore-file require-concurrent-index-deletion
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

lock table
    public.organizations,
    public.emergency_notifications,
    private.incident_calls,
    private.incident_steps,
    private.transfer_lines
in access exclusive mode;

drop index public.emergency_notifications_incident;
drop index private.incident_steps_phone;

alter table private.incident_steps drop constraint incident_steps_organization_id_fkey;
alter table private.incident_calls drop constraint incident_calls_organization_id_fkey;
alter table private.transfer_lines drop constraint transfer_lines_organization_id_fkey;
