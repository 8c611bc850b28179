-- The customer confirms an appointment by text message. One that the office has to confirm stays as it is.
update public.appointments as a
set
    status = case
        when exists (select from private.unconfirmed_appointments as u where u.appointment_id = a.id) then a.status
        else 'confirmed'
    end,
    metadata = coalesce(a.metadata, '{}') || jsonb_build_object('customer_confirmed_at', private.clock())
where a.organization_id = $1 and a.id = $2 and a.status in ('pending', 'confirmed')
returning a.status = 'confirmed' as is_confirmed
