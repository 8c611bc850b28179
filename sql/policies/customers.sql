-- Customers: every member of the firm works with them, and so does the service, which deletes nothing.
select private.drop_policies('public.customers');

revoke all on public.customers from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.customers to authenticated, service_role;
grant select, insert, update on public.customers to frontdesk_app;

create policy anon on public.customers for all to anon using (false);

create policy authenticated_select on public.customers for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.customers for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_update on public.customers for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_delete on public.customers for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy frontdesk_app on public.customers for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.customers for all to service_role using (true) with check (true);
