-- Events of ours in calendars that are not linked any more: commands alone use them, and triggers that link calendars.
select private.drop_policies('private.disconnected_copies');

revoke all on private.disconnected_copies from frontdesk_app;

create policy frontdesk_app on private.disconnected_copies for select to frontdesk_app
using (organization_id = (select private.bound_organization()));
