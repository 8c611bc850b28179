-- Appointments: every member of the firm works with them, and so does the service, which deletes nothing.
select private.drop_policies('public.appointments');

revoke all on public.appointments from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.appointments to authenticated, service_role;
grant select, insert, update on public.appointments to frontdesk_app;

create policy anon on public.appointments for all to anon using (false);

create policy authenticated_select on public.appointments for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.appointments for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_update on public.appointments for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_delete on public.appointments for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy frontdesk_app on public.appointments for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.appointments for all to service_role using (true) with check (true);
