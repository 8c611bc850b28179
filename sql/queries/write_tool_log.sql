-- Appends tool calls ($5) of the calls ($2) of the organizations ($1) to the tool log.
select private.write_tool_log($1, $2, $3, $4, $5)
