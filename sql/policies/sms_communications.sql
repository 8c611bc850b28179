-- Text messages: for owners and admins; the service writes them.
select private.drop_policies('public.sms_communications');

revoke all on public.sms_communications from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.sms_communications to authenticated, service_role;
grant select, insert, update on public.sms_communications to frontdesk_app;

create policy anon on public.sms_communications for all to anon using (false);

create policy authenticated_select on public.sms_communications for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.sms_communications for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.sms_communications for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.sms_communications for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.sms_communications for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.sms_communications for all to service_role using (true) with check (true);
