-- What Stripe says of an organization: its owners read it. Nobody but the backend that hears from Stripe writes it: who could, would
-- give themselves a plan.
select private.drop_policies('public.billing_invoices');

revoke all on public.billing_invoices from anon, authenticated, frontdesk_app, service_role;
grant select on public.billing_invoices to authenticated;
grant select, insert, update, delete on public.billing_invoices to service_role;

create policy anon on public.billing_invoices for all to anon using (false);

create policy authenticated_select on public.billing_invoices for select to authenticated
using (organization_id = any (array(select private.organization_ids('{owner}'))));

create policy authenticated_insert on public.billing_invoices for insert to authenticated
with check (false);

create policy authenticated_update on public.billing_invoices for update to authenticated
using (false)
with check (false);

create policy authenticated_delete on public.billing_invoices for delete to authenticated
using (false);

create policy frontdesk_app on public.billing_invoices for all to frontdesk_app using (false);

create policy service_role on public.billing_invoices for all to service_role using (true) with check (true);
