-- Leaves the staff a caller to call back ($2, $3) who reached nobody in the call $4 by the transfer $5.
select private.leave_callback($1, $2, $3, $4, $5)
