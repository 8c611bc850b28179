-- When reminders are queued: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.reminder_schedule');

revoke all on private.reminder_schedule from frontdesk_app;
grant select, insert, update on private.reminder_schedule to frontdesk_app;

create policy frontdesk_app on private.reminder_schedule for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
