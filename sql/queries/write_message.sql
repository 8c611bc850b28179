-- Stores a message about an appointment before it is sent; it has no state until it has left.
insert into public.sms_communications (
    organization_id,
    appointment_id,
    customer_id,
    phone_number,
    message_content,
    language_code,
    template_key,
    variables,
    message_type,
    direction,
    status,
    created_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $7, 'outbound', null, private.clock())
returning id
