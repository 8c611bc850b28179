-- Appointments that wait for linked calendars: the service enters its own, for the organization that its transaction is bound to; triggers and
-- private.confirm_appointments() delete.
select private.drop_policies('private.unconfirmed_appointments');

revoke all on private.unconfirmed_appointments from frontdesk_app;
grant select, insert on private.unconfirmed_appointments to frontdesk_app;

create policy frontdesk_app on private.unconfirmed_appointments for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
