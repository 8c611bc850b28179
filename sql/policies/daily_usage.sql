-- What was used today: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.daily_usage');

revoke all on private.daily_usage from frontdesk_app;
grant select, insert, update on private.daily_usage to frontdesk_app;

create policy frontdesk_app on private.daily_usage for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
