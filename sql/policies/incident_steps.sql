-- Whom an incident is told: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.incident_steps');

revoke all on private.incident_steps from frontdesk_app;
grant select, insert, update on private.incident_steps to frontdesk_app;

create policy frontdesk_app on private.incident_steps for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
