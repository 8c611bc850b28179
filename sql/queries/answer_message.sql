-- Records what was answered ($3) to a text message ($2), and of what kind the answer was ($4).
update public.sms_communications as s
set variables = coalesce(s.variables, '{}') || jsonb_build_object('reply', $3::text, 'answer', $4::text)
where s.organization_id = $1 and s.twilio_message_sid = $2 and s.direction = 'inbound'
