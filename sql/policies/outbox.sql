-- Effects: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.outbox');

revoke all on private.outbox from frontdesk_app;
grant select, insert, update on private.outbox to frontdesk_app;

create policy frontdesk_app on private.outbox for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
