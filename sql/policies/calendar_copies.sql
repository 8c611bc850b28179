-- Calendars kept elsewhere: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.calendar_copies');

revoke all on private.calendar_copies from frontdesk_app;
grant select, insert, update on private.calendar_copies to frontdesk_app;

create policy frontdesk_app on private.calendar_copies for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
