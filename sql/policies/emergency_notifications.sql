-- What contacts were told: for owners and admins; the service writes it.
select private.drop_policies('public.emergency_notifications');

revoke all on public.emergency_notifications from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.emergency_notifications to authenticated, service_role;
grant select, insert, update on public.emergency_notifications to frontdesk_app;

create policy anon on public.emergency_notifications for all to anon using (false);

create policy authenticated_select on public.emergency_notifications for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.emergency_notifications for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.emergency_notifications for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.emergency_notifications for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.emergency_notifications for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.emergency_notifications for all to service_role using (true) with check (true);
