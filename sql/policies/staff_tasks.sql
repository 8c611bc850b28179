-- What is to be done: every member reads it and ticks it off; the service and a backend write it.
select private.drop_policies('public.staff_tasks');

revoke all on public.staff_tasks from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.staff_tasks to authenticated;
grant select, insert, update, delete on public.staff_tasks to service_role;
grant select, insert on public.staff_tasks to frontdesk_app;
-- A task of an emergency that is reported again is brought up to date.
grant update (summary, phone_number, metadata) on public.staff_tasks to frontdesk_app;

create policy anon on public.staff_tasks for all to anon using (false);

create policy authenticated_select on public.staff_tasks for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.staff_tasks for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.staff_tasks for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_delete on public.staff_tasks for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.staff_tasks for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.staff_tasks for all to service_role using (true) with check (true);
