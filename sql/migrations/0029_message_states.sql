-- What the provider tells of a text message. `status` stays null until the message was handed to a carrier: only then is it `sent`.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.sms_communications
add column appointment_id uuid references public.appointments (id) on delete set null,
add column our_number varchar(20),
add column provider_status varchar(50),
add column error_code varchar(50),
add column sent_at timestamptz;

create unique index sms_communications_sid
on public.sms_communications (organization_id, twilio_message_sid) where twilio_message_sid is not null;
create index sms_communications_appointment on public.sms_communications (appointment_id);
-- For a number that several firms text from.
create index sms_communications_number on public.sms_communications (phone_number, created_at);
