-- Books an appointment under the organization's lock, or says why not with what is free instead. The first column is the
-- outcome; a refusal's rows are slots, and never none. The last column is asked when the function is done.
select
    b.outcome,
    b.appointment_id,
    b.booked_name,
    b.slot_date,
    b.start_time,
    b.end_time,
    private.is_unconfirmed(b.appointment_id) as is_unconfirmed
from private.book_appointment($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as b
