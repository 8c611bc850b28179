-- Records how the command for a transfer went (private.record_command()).
select private.record_command($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
