-- Books an appointment in a tool call that has not booked it before, and saves the answer that tells of it. Alone it is the whole transaction.
-- The last column is asked when the function is done.
select
    b.outcome,
    b.appointment_id,
    b.booked_name,
    b.slot_date,
    b.start_time,
    b.end_time,
    b.answer,
    b.language,
    private.is_unconfirmed(b.appointment_id) as is_unconfirmed
from private.book_idempotently(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20
) as b
