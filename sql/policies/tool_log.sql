-- The service adds the tool calls of its own organization and reads them; what is folded is deleted by a function that runs as its owner.
select private.drop_policies('private.tool_log');

revoke all on private.tool_log from frontdesk_app;
grant select, insert on private.tool_log to frontdesk_app;

create policy frontdesk_app on private.tool_log for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
