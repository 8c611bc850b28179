-- Who changed what: owners and admins read it. Triggers write it as the owner of the table, and nobody else does;
-- service_role, which is exempt from policies, is stopped by its grants and by a trigger.
select private.drop_policies('public.audit_log');

revoke all on public.audit_log from anon, authenticated, frontdesk_app, service_role;
grant select on public.audit_log to authenticated, service_role;
-- Whoever could set it back would stop every write that is to be written down.
revoke all on sequence public.audit_log_id_seq from anon, authenticated, frontdesk_app, service_role;

create policy anon on public.audit_log for all to anon using (false);

create policy authenticated_select on public.audit_log for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner,admin}'))));

create policy authenticated_insert on public.audit_log for insert to authenticated
with check (false);

create policy authenticated_update on public.audit_log for update to authenticated
using (false)
with check (false);

create policy authenticated_delete on public.audit_log for delete to authenticated
using (false);

create policy frontdesk_app on public.audit_log for all to frontdesk_app using (false);

create policy service_role on public.audit_log for all to service_role using (true) with check (false);
