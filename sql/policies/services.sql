-- What a firm does: every member sees it, owners and admins set it; the service reads it.
select private.drop_policies('public.services');

revoke all on public.services from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.services to authenticated, service_role;
grant select on public.services to frontdesk_app;

create policy anon on public.services for all to anon using (false);

create policy authenticated_select on public.services for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.services for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.services for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.services for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.services for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.services for all to service_role using (true) with check (true);
