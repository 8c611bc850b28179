-- The name of the customer who calls from a number ($2).
select c.name from public.customers as c
where c.organization_id = $1 and c.phone_number = $2
