-- What is worked out of an organization's settings: the service reads its own, triggers write.
select private.drop_policies('private.weekday_slots');

revoke all on private.weekday_slots from frontdesk_app;
grant select on private.weekday_slots to frontdesk_app;

create policy frontdesk_app on private.weekday_slots for select to frontdesk_app
using (organization_id = (select private.bound_organization()));
