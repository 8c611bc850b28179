-- Where the calls of an incident take commands: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.incident_calls');

revoke all on private.incident_calls from frontdesk_app;
grant select, insert, update on private.incident_calls to frontdesk_app;

create policy frontdesk_app on private.incident_calls for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
