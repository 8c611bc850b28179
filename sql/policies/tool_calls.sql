-- Saved answers: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.tool_calls');

revoke all on private.tool_calls from frontdesk_app;
grant select, insert, update on private.tool_calls to frontdesk_app;

create policy frontdesk_app on private.tool_calls for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
