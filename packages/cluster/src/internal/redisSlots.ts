/**
 * The quota's places in Redis, taken and given back by scripts, so that each step is atomic and the only clock is the
 * server's.
 *
 * One sorted set has a member for each place that is not free, with the time when it will be; another has those who wait,
 * in the order they came; a third says when each was last heard of.
 *
 * The first set also has a mark that never ends: the server's run id. If it is missing, what was let through lately
 * is unknown: the server was flushed, restarted or replaced. Then every place counts as taken just now.
 */
import * as Redis from "effect/persistence/Redis"

const now = `
local time = redis.call("TIME")
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
`

/** Answers 0 where the ticket got a place, else the milliseconds until it may get one. */
export const take = Redis.script(
  (
    slots: string,
    queue: string,
    seen: string,
    ticket: string,
    limit: number,
    window: number,
    flight: number,
    patience: number
  ) => [slots, queue, seen, ticket, limit, window, flight, patience],
  {
    numberOfKeys: 3,
    lua: `${now}
local slots, queue, seen = KEYS[1], KEYS[2], KEYS[3]
local ticket = ARGV[1]
local limit, window, flight, patience = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local mark = "server:" .. string.match(redis.call("INFO", "server"), "run_id:(%x+)")

if not redis.call("ZSCORE", slots, mark) then
  redis.call("DEL", slots)
  redis.call("ZADD", slots, "+inf", mark)
  for place = 1, limit do
    redis.call("ZADD", slots, now + window + flight, "unknown:" .. place)
  end
end
redis.call("ZREMRANGEBYSCORE", slots, "-inf", now)

-- A ticket that has a place lost the answer that said so.
if redis.call("ZSCORE", slots, ticket) then
  redis.call("ZADD", slots, now + window + flight, ticket)
  return 0
end

for _, gone in ipairs(redis.call("ZRANGEBYSCORE", seen, "-inf", now - patience)) do
  redis.call("ZREM", seen, gone)
  redis.call("ZREM", queue, gone)
end
redis.call("ZADD", queue, "NX", now, ticket)
redis.call("ZADD", seen, now, ticket)

local ahead = redis.call("ZRANK", queue, ticket)
local free = limit - (redis.call("ZCARD", slots) - 1)
if ahead < free then
  redis.call("ZADD", slots, now + window + flight, ticket)
  redis.call("ZREM", queue, ticket)
  redis.call("ZREM", seen, ticket)
  return 0
end
local ending = redis.call("ZRANGE", slots, ahead - free, ahead - free, "WITHSCORES")[2]
local at = tonumber(ending)
if not at or at == math.huge then at = now + window end
return math.max(1, math.ceil(at - now))
`
  }
).withReturnType<number>()

/** The answer has come: the place is free one window after the latest moment at which the request can have arrived. */
export const release = Redis.script(
  (slots: string, ticket: string, window: number, flight: number, floor: number) => [
    slots,
    ticket,
    window,
    flight,
    floor
  ],
  {
    numberOfKeys: 1,
    lua: `${now}
local window, flight, floor = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local ends = redis.call("ZSCORE", KEYS[1], ARGV[1])
if not ends then return 0 end
local taken = tonumber(ends) - window - flight
local at = math.max(taken, now - floor) + window
if at < tonumber(ends) then redis.call("ZADD", KEYS[1], at, ARGV[1]) end
return 1
`
  }
).withReturnType<number>()

/** Gives up a ticket: nothing was sent under it, and no request waits for it. */
export const cancel = Redis.script(
  (slots: string, queue: string, seen: string, ticket: string) => [slots, queue, seen, ticket],
  {
    numberOfKeys: 3,
    lua: `
redis.call("ZREM", KEYS[2], ARGV[1])
redis.call("ZREM", KEYS[3], ARGV[1])
return redis.call("ZREM", KEYS[1], ARGV[1])
`
  }
).withReturnType<number>()
