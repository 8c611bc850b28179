-- Suspensions are the operator's: the service reads them by private.suspended_organizations(), and nobody else may. That nobody was granted
-- anything is said once more as a policy.
select private.drop_policies('private.suspensions');

revoke all on private.suspensions from frontdesk_app;

create policy frontdesk_app on private.suspensions for all to frontdesk_app using (false) with check (false);
