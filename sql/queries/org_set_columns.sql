-- Sets the columns that are given; a null leaves a column as it is.
update public.organizations as o
set
    name = coalesce($2, o.name),
    industry = coalesce($3, o.industry),
    timezone = coalesce($4, o.timezone),
    transfer_phone_number = coalesce($5, o.transfer_phone_number),
    transfer_mode = coalesce($6, o.transfer_mode),
    emergency_contact_phone = coalesce($7, o.emergency_contact_phone),
    max_transfer_wait_time = coalesce($8, o.max_transfer_wait_time)
where o.id = $1
returning o.id
