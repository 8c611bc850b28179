-- Sets the columns that are given; a null leaves a column as it is. $9 and $10 are the telephone numbers of $5 and $7 as they were given,
-- with their extensions. $11 is empty where the organization is to have no Twilio account of its own any more.
update public.organizations as o
set
    name = coalesce($2, o.name),
    industry = coalesce($3, o.industry),
    timezone = coalesce($4, o.timezone),
    transfer_phone_number = coalesce($5, o.transfer_phone_number),
    transfer_phone_extension = case when $5 is null then o.transfer_phone_extension else private.phone_extension($9) end,
    transfer_mode = coalesce($6, o.transfer_mode),
    emergency_contact_phone = coalesce($7, o.emergency_contact_phone),
    emergency_phone_extension = case when $7 is null then o.emergency_phone_extension else private.phone_extension($10) end,
    max_transfer_wait_time = coalesce($8, o.max_transfer_wait_time),
    twilio_account_sid = coalesce($11, o.twilio_account_sid),
    calendar_sync_enabled = coalesce($12, o.calendar_sync_enabled)
where o.id = $1
returning o.id
