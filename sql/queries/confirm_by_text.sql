-- The customer confirms an appointment by text message.
update public.appointments as a
set
    status = 'confirmed',
    metadata = coalesce(a.metadata, '{}') || jsonb_build_object('customer_confirmed_at', private.clock())
where a.organization_id = $1 and a.id = $2 and a.status in ('pending', 'confirmed')
returning a.id
