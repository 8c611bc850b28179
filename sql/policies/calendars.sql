-- What is worked out of an organization's settings: the service reads its own, the trigger of the organizations writes.
select private.drop_policies('private.calendars');

revoke all on private.calendars from frontdesk_app;
grant select on private.calendars to frontdesk_app;

create policy frontdesk_app on private.calendars for select to frontdesk_app
using (organization_id = (select private.bound_organization()));
