-- Where the calls that are transferred take commands: the service's own, for the organization that its transaction is bound to.
select private.drop_policies('private.transfer_lines');

revoke all on private.transfer_lines from frontdesk_app;
grant select, insert, update on private.transfer_lines to frontdesk_app;

create policy frontdesk_app on private.transfer_lines for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
