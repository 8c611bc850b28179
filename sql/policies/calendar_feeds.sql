-- Feeds are the operator's: the service asks private.find_calendar_feed() whose a token is, and nobody else may. That nobody was granted
-- anything is said once more as a policy.
select private.drop_policies('private.calendar_feeds');

revoke all on private.calendar_feeds from frontdesk_app;

create policy frontdesk_app on private.calendar_feeds for all to frontdesk_app using (false) with check (false);
