-- Owners who are asked for their consent: the service stores what they come back with, bound to the organization that it was asked for.
select private.drop_policies('private.calendar_consents');

revoke all on private.calendar_consents from frontdesk_app;
grant select, update on private.calendar_consents to frontdesk_app;

create policy frontdesk_app on private.calendar_consents for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
