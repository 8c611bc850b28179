-- Whose calls are not taken: every member sees them, owners and admins set them; the service reads them.
select private.drop_policies('public.blocked_numbers');

revoke all on public.blocked_numbers from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.blocked_numbers to authenticated, service_role;
grant select on public.blocked_numbers to frontdesk_app;

create policy anon on public.blocked_numbers for all to anon using (false);

create policy authenticated_select on public.blocked_numbers for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin,member}'))));

create policy authenticated_insert on public.blocked_numbers for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.blocked_numbers for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.blocked_numbers for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.blocked_numbers for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.blocked_numbers for all to service_role using (true) with check (true);
