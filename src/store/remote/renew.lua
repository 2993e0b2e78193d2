-- KEYS: the ring. ARGV: what was read ('' for nothing), what comes in its place, milliseconds to keep it.
-- Gives what is there afterwards.
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then
  return now or ''
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return ARGV[2]
