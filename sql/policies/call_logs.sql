-- Calls with their transcripts: for owners and admins; the service writes them.
select private.drop_policies('public.call_logs');

revoke all on public.call_logs from anon, authenticated, frontdesk_app, service_role;
grant select, insert, update, delete on public.call_logs to authenticated, service_role;
grant select, insert, update on public.call_logs to frontdesk_app;

create policy anon on public.call_logs for all to anon using (false);

create policy authenticated_select on public.call_logs for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.call_logs for insert to authenticated
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_update on public.call_logs for update to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))))
with check (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_delete on public.call_logs for delete to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy frontdesk_app on public.call_logs for all to frontdesk_app
using (organization_id = (select private.bound_organization()))
with check (organization_id = (select private.bound_organization()));

create policy service_role on public.call_logs for all to service_role using (true) with check (true);
