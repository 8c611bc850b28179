-- Closures and special hours: every member sees them, owners and admins set them; the service reads them.
select private.drop_policies('public.special_days');

revoke all on public.special_days from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.special_days to authenticated, service_role;
grant select on public.special_days to frontdesk_app;

create policy anon on public.special_days for all to anon using (false);

create policy authenticated_select on public.special_days for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.special_days for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.special_days for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.special_days for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.special_days for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.special_days for all to service_role using (true) with check (true);
