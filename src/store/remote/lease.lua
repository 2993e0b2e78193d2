-- KEYS: the turn. ARGV: its holder, milliseconds from now until it ends. Gives 1 if the holder still had it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
