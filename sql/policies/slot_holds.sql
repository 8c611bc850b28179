-- Held times are written and read by the functions that run as their owner, and shown to nobody. That nobody was granted
-- anything is said once more as a policy.
select private.drop_policies('private.slot_holds');

revoke all on private.slot_holds from frontdesk_app;

create policy frontdesk_app on private.slot_holds for all to frontdesk_app using (false) with check (false);
