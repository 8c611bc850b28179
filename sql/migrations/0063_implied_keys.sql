-- A row of these tables points at a row of its organization, whose own key leads to the organization: to look for that once more takes as long
-- as to write the row.
set local lock_timeout = '500ms';
set local statement_timeout = '60s';

lock table
    public.organizations,
    private.incident_steps,
    private.incident_calls,
    private.outbox_attempts,
    private.transfer_lines
in access exclusive mode;

alter table private.incident_steps drop constraint incident_steps_organization_id_fkey;
alter table private.incident_calls drop constraint incident_calls_organization_id_fkey;
alter table private.outbox_attempts drop constraint outbox_attempts_organization_id_fkey;
alter table private.transfer_lines drop constraint transfer_lines_organization_id_fkey;
