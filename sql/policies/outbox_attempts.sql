-- Attempts: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.outbox_attempts');

revoke all on private.outbox_attempts from frontdesk_app;
grant select, insert, update on private.outbox_attempts to frontdesk_app;

create policy frontdesk_app on private.outbox_attempts for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
