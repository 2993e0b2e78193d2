-- The decisions of ring.rs, once more, where several machines share them: a test holds both to the same answers.
--
-- Times are microseconds: whole numbers up to 2^53 are exact here, and nanoseconds since 1970 are more.
-- KEYS: the slots in flight (score: the latest instant at which the answer can come), the slots answered (score: when),
-- and what is known besides.
local flying, answered, state = KEYS[1], KEYS[2], KEYS[3]
local op = ARGV[1]
local window, answer_within = tonumber(ARGV[3]), tonumber(ARGV[4])
local requests, pace = tonumber(ARGV[5]), tonumber(ARGV[6])
local longest_pause, paced_for = tonumber(ARGV[7]), tonumber(ARGV[8])

local function text(number)
  return string.format('%.0f', number)
end

-- Redis's own clock, one for all machines. Tests say what time it is.
local now = tonumber(ARGV[2])
local tested = now ~= nil
-- Whoever asks used this window a moment ago, so that what is known of it cannot be over.
local used_before = ARGV[2] == 'used before'
if not tested then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

local kept = redis.call('HMGET', state, 'paused', 'paced', 'last', 'run')
local paused, paced = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
local last, run = tonumber(kept[3] or 0), kept[4] or ''

-- A Redis that was started anew, or a replica that took over, may have lost the last slots, or all of them, and so has one that
-- was emptied since whoever asks used this window: it then counts as used up. Whether nothing is there because nothing was sent, or because it was lost, its uptime tells.
if not tested then
  local info = redis.call('INFO', 'server')
  local runs = string.match(info, 'run_id:(%w+)') or ''
  local up = tonumber(string.match(info, 'uptime_in_seconds:(%d+)') or 0) * 1000000
  if runs ~= run then
    local lost = now
    if run == '' and not used_before then
      lost = math.min(now, now - up + 1000000)
    end
    for slot = 1, requests do
      redis.call('ZADD', answered, text(lost), 'lost:' .. slot)
    end
    run = runs
  end
end

-- Drops what is over, and reads a time that cannot be as now.
local function clamp(slots, latest)
  for _, slot in ipairs(redis.call('ZRANGEBYSCORE', slots, '(' .. text(latest), '+inf')) do
    redis.call('ZADD', slots, text(latest), slot)
  end
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', text(now - window))
end
clamp(flying, now + answer_within)
clamp(answered, now)
last = math.min(last, now)
paused = math.min(paused, now + longest_pause)
paced = math.min(paced, now + longest_pause + paced_for)

local function count()
  return redis.call('ZCARD', flying) + redis.call('ZCARD', answered)
end

-- How long until a request can go that has `ahead` others before it.
local function forecast(room, ahead)
  local taken = count()
  local goes = math.max(now, paused)
  if goes < paced then
    goes = math.max(goes, last + pace)
  end
  -- When the slots come free, in order: those answered, those whose holder vanished, then those in flight, which come free
  -- one window from now at the earliest. Read no further than the last request needs.
  local free = {}
  local needed = taken - room + ahead
  if needed >= 0 then
    for _, slots in ipairs({ flying, answered }) do
      local found = redis.call('ZRANGEBYSCORE', slots, '-inf', text(now), 'WITHSCORES', 'LIMIT', 0, needed + 1)
      for at = 2, #found, 2 do
        free[#free + 1] = tonumber(found[at]) + window
      end
    end
    table.sort(free)
    for at = #free + 1, math.min(taken, needed + 1) do
      free[at] = now + window
    end
  end
  local function after_enough_came_free(total)
    local at = total - room
    if at >= 0 then
      goes = math.max(goes, free[at + 1])
    end
  end
  for before = 0, ahead - 1 do
    after_enough_came_free(taken + before)
    if needed >= 0 then
      free[taken + before + 1] = goes + window
    end
    if goes < paced then
      goes = goes + pace
    end
  end
  after_enough_came_free(taken + ahead)
  return goes - now
end

local function pause(how_long)
  paused = math.max(paused, now + math.min(how_long, longest_pause))
end

local answer = {}
if op == 'take' then
  local room, ticket = tonumber(ARGV[9]), ARGV[10]
  local wait = 0
  -- Sent a second time because the first answer was lost: the slot is taken already.
  if not redis.call('ZSCORE', flying, ticket) then
    wait = forecast(room, 0)
    if wait == 0 then
      redis.call('ZADD', flying, text(now + answer_within), ticket)
      last = now
    end
  end
  answer = { wait }
elseif op == 'forecast' then
  answer = { forecast(tonumber(ARGV[9]), tonumber(ARGV[10])) }
elseif op == 'answered' then
  redis.call('ZREM', flying, ARGV[9])
  redis.call('ZADD', answered, text(now), ARGV[9])
elseif op == 'withdraw' then
  redis.call('ZREM', flying, ARGV[9])
  redis.call('ZREM', answered, ARGV[9])
elseif op == 'pause' then
  pause(tonumber(ARGV[9]))
elseif op == 'rejected' then
  pause(tonumber(ARGV[9]))
  paced = math.max(paced, paused + paced_for)
elseif op == 'usage' then
  local ends = now
  for _, slots in ipairs({ flying, answered }) do
    local latest = redis.call('ZRANGE', slots, -1, -1, 'WITHSCORES')[2]
    if latest then
      ends = math.max(ends, tonumber(latest) + window)
    end
  end
  local is_paced = 0
  if now < paced then
    is_paced = 1
  end
  answer = { count(), ends - now, math.max(0, paused - now), is_paced }
end

redis.call('HSET', state, 'paused', text(paused), 'paced', text(paced), 'last', text(last), 'run', run)
local idle = math.max(now + answer_within + window, paused, paced) - now
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, text(math.ceil(idle / 1000) + 1000))
end
return answer
