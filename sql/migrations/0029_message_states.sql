-- What the provider tells of a text message. `status` stays null until the message was handed to a carrier: only then is it `sent`.
-- Indexes are made with the tables locked against writes, for a minute at most: what these hold is counted in thousands.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

alter table public.sms_communications
add column appointment_id uuid,
add column our_number varchar(20),
add column provider_status varchar(50),
add column error_code varchar(50),
add column sent_at timestamptz,
add constraint sms_communications_appointment_id_fkey
foreign key (appointment_id) references public.appointments (id) on delete set null not valid;

create unique index sms_communications_sid
on public.sms_communications (organization_id, twilio_message_sid) where twilio_message_sid is not null;
create index sms_communications_appointment on public.sms_communications (appointment_id);
-- For a number that several firms text from.
create index sms_communications_number on public.sms_communications (phone_number, organization_id, created_at);
