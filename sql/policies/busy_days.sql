-- What is worked out of the appointments: the service reads its own, triggers write.
select private.drop_policies('private.busy_days');

revoke all on private.busy_days from frontdesk_app;
grant select on private.busy_days to frontdesk_app;

create policy frontdesk_app on private.busy_days for select to frontdesk_app
using (organization_id = (select private.bound_organization()));
