/**
 * What is done at the server in one step. A gateway has one session, `address` and `token`, that it renews; an owner of a stream
 * is the name of a session and a fence. So a thousand streams cost one renewal a second, and all of them are free when
 * their gateway's session is over. Times are the server's own.
 *
 * KEYS: gateways (when the session of an address ends), tokens (of an address), owners (of a stream), fence (the last one given),
 * memory (which run of the server it is, and until when that run gives streams back to their old owners alone: a server
 * that was flushed or started again may have forgotten who had them).
 */
const NOW = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function lives(address, token)
  local ends = redis.call('ZSCORE', KEYS[1], address)
  return redis.call('HGET', KEYS[2], address) == token and ends and tonumber(ends) > now
end
-- Until when this run of the server is quiet, and all that is known of it; nothing where it knows of nobody yet.
local function remembered()
  local memory = redis.call('GET', KEYS[5]) or ''
  local run, quiet = string.match(memory, '^(%w*) (%d+)$')
  local info = redis.pcall('INFO', 'server')
  local now_run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
  if run == now_run then return tonumber(quiet), memory, now_run end
  return nil, nil, now_run
end
`;

/**
 * ARGV: address, token, milliseconds, whether it joins, milliseconds that it is quiet if it may have forgotten somebody. Answers `kept`,
 * `anew` (what it had may be somebody else's by now) or `replaced` (a younger gateway has this address), its memory, for how
 * many milliseconds it is quiet, and then the addresses of all that live.
 */
export const RENEW = `${NOW}
local address, token = ARGV[1], ARGV[2]
local how = 'anew'
if lives(address, token) then
  how = 'kept'
elseif ARGV[4] == '0' then
  local other = redis.call('HGET', KEYS[2], address)
  if other and other ~= token then return {'replaced'} end
end
redis.call('ZADD', KEYS[1], now + ARGV[3], address)
redis.call('HSET', KEYS[2], address, token)
local quiet, memory, run = remembered()
-- Flushed, started again, or its clock went back.
if not quiet or quiet > now + ARGV[5] then
  quiet = now + ARGV[5]
  memory = run .. ' ' .. string.format('%.0f', quiet)
  redis.call('SET', KEYS[5], memory)
end
local answer = {how, memory, string.format('%.0f', math.max(quiet - now, 0))}
-- Gateways that have not renewed for a day are forgotten.
for _, each in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - 86400000)) do
  redis.call('ZREM', KEYS[1], each)
  redis.call('HDEL', KEYS[2], each)
end
for _, each in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do
  table.insert(answer, each)
end
return answer
`;

/**
 * ARGV: address, token, stream, fence on the disk, whether it has the stream by its own clock. Answers `own`, the fence and the server's
 * memory, `other` and its address, or `unknown`.
 */
export const TAKE = `${NOW}
local address, token, id, disk = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local quiet, memory = remembered()
if not quiet or not lives(address, token) then return {'unknown'} end
local owner = redis.call('HGET', KEYS[3], id)
if owner then
  local at, by, fence = string.match(owner, '^(%S+) (%S+) (%d+)$')
  if at == address and by == token and tonumber(fence) >= disk then return {'own', fence, memory} end
  if at ~= address and lives(at, by) then return {'other', at} end
end
-- Whoever had it may not have been heard of yet, and still have it by its own clock.
if disk > 0 and ARGV[5] == '0' and now < quiet then return {'unknown'} end
local fence = redis.call('INCR', KEYS[4])
if fence <= disk then
  fence = disk + 1
  redis.call('SET', KEYS[4], fence)
end
redis.call('HSET', KEYS[3], id, address .. ' ' .. token .. ' ' .. fence)
return {'own', tostring(fence), memory}
`;

/** ARGV: address, stream. Answers the address of its owner, if that is another one that lives. */
export const OWNER = `${NOW}
local at, by = string.match(redis.call('HGET', KEYS[3], ARGV[2]) or '', '^(%S+) (%S+) %d+$')
if at and at ~= ARGV[1] and lives(at, by) then return {at} end
return {}
`;

/** ARGV: address, token, stream. */
export const RELEASE = `
local owner = redis.call('HGET', KEYS[3], ARGV[3]) or ''
local session = ARGV[1] .. ' ' .. ARGV[2] .. ' '
if string.sub(owner, 1, #session) == session then redis.call('HDEL', KEYS[3], ARGV[3]) end
return {}
`;

/** ARGV: address, token. Its session is over, unless a younger gateway has the address. */
export const LEAVE = `
if redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[2] then
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return {}
`;
