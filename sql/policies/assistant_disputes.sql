-- The service notes disputes of the organization that its transaction is bound to; the operator reads them.
select private.drop_policies('private.assistant_disputes');

revoke all on private.assistant_disputes from frontdesk_app;
grant select, insert, update on private.assistant_disputes to frontdesk_app;

create policy frontdesk_app on private.assistant_disputes for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
