-- Credentials with others: a trigger or an operator writes them; the service seals those that are still plain and reads them, one
-- organization at a time.
select private.drop_policies('private.organization_secrets');

revoke all on private.organization_secrets from frontdesk_app;
grant select on private.organization_secrets to frontdesk_app;
grant update (secret, key_id) on private.organization_secrets to frontdesk_app;

create policy frontdesk_app on private.organization_secrets for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));
