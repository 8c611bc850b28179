-- Records what is known of a job that was sent; true when it says more than was known.
select private.record_delivery_report($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
