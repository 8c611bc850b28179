-- What time it is for the rules.
select private.clock()
