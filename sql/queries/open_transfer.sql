-- Records a transfer before it is attempted, and saves the answer of the tool call that asks for it (private.open_transfer()).
select private.open_transfer(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19
) as is_within
