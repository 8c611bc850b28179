-- Who takes emergencies: owners and admins manage them; the service reads them.
select private.drop_policies('public.emergency_contacts');

revoke all on public.emergency_contacts from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.emergency_contacts to authenticated, service_role;
grant select on public.emergency_contacts to frontdesk_app;

create policy anon on public.emergency_contacts for all to anon using (false);

create policy authenticated_select on public.emergency_contacts for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.emergency_contacts for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.emergency_contacts for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.emergency_contacts for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.emergency_contacts for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.emergency_contacts for all to service_role using (true) with check (true);
