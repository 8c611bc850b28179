-- Calendars kept elsewhere: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.external_events');

revoke all on private.external_events from frontdesk_app;
grant select, insert, update on private.external_events to frontdesk_app;

create policy frontdesk_app on private.external_events for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
