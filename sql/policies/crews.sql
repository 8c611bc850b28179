-- Who of a firm can do what: every member sees it, owners and admins set it; the service reads it.
select private.drop_policies('public.crews');

revoke all on public.crews from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.crews to authenticated, service_role;
grant select on public.crews to frontdesk_app;

create policy anon on public.crews for all to anon using (false);

create policy authenticated_select on public.crews for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.crews for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.crews for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.crews for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.crews for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.crews for all to service_role using (true) with check (true);
