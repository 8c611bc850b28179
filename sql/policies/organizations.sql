-- The firm itself: its members read it, owners and admins change its settings, an owner closes it. A new firm is made by an
-- operator or a backend (`frontdesk org create`). Its columns for credentials are always null.
select private.drop_policies('public.organizations');

revoke all on public.organizations from anon, authenticated, frontdesk_app, service_role;
grant select, update, delete on public.organizations to authenticated;
grant select, insert, update, delete on public.organizations to service_role;
grant select on public.organizations to frontdesk_app;

create policy anon on public.organizations for all to anon using (false);

create policy authenticated_select on public.organizations for select to authenticated
using (id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.organizations for insert to authenticated
with check (false);

create policy authenticated_update on public.organizations for update to authenticated
using (id = any (array(select private.organization_ids('{owner,admin}'))))
with check (id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.organizations for delete to authenticated
using (id = any (array(select private.organization_ids('{owner}'))));

create policy frontdesk_app on public.organizations for all to frontdesk_app
using (id = (select private.bound_organization()))
with check (id = (select private.bound_organization()));

create policy service_role on public.organizations for all to service_role using (true) with check (true);
