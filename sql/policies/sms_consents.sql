-- Who wants no text messages: a ledger. Owners and admins add what they were told; nobody changes or removes a row.
select private.drop_policies('public.sms_consents');

revoke all on public.sms_consents from anon, authenticated, frontdesk_app, service_role;
grant select, insert on public.sms_consents to authenticated;
grant select, insert on public.sms_consents to service_role;
grant select, insert on public.sms_consents to frontdesk_app;
-- Whoever could set it back would make an old entry count.
revoke all on sequence public.sms_consents_id_seq from anon, authenticated, frontdesk_app, service_role;

create policy anon on public.sms_consents for all to anon using (false);

create policy authenticated_select on public.sms_consents for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.sms_consents for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.sms_consents for update to authenticated
using (false)
with check (false);

create policy authenticated_delete on public.sms_consents for delete to authenticated
using (false);

create policy frontdesk_app on public.sms_consents for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.sms_consents for all to service_role using (true) with check (true);
