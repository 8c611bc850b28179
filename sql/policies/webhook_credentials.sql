-- Webhook secrets: an operator makes and retires them; the service seals those that are still plain, one organization at a time.
select private.drop_policies('private.webhook_credentials');

revoke all on private.webhook_credentials from frontdesk_app;
grant select on private.webhook_credentials to frontdesk_app;
grant update (secret, key_id) on private.webhook_credentials to frontdesk_app;

create policy frontdesk_app on private.webhook_credentials for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
