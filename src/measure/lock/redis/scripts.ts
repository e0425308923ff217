import type { Redis } from 'ioredis';

/** Counts the fencing tokens of all leases on a server: one key for any number of leases. */
export const tokensKey = 'contend:tokens';

/** Where the process that has waited longest is notified that a lease was given back: `<process> <key>`. */
export const releasedChannel = 'contend:released';

/** How often a process hands a lease on among its own users at most while another one waits for it. */
const mostPasses = 16;

/**
 * A counter that Redis has lost restarts at the current time in µs: no process counts faster than that, so tokens grow even
 * over a restart that kept nothing.
 */
const nextToken = `
local function next_token()
  local token = redis.call('incr', KEYS[2])
  if token == 1 then
    local now = redis.call('time')
    token = now[1] * 1000000 + now[2]
    redis.call('set', KEYS[2], string.format('%.0f', token))
  end
  return token
end`;

/** @returns in Lua: the token, or, less than 0, how many ms at most another owner's lease still has */
const acquire = `${nextToken}
if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  redis.call('zrem', KEYS[3], ARGV[3])
  return next_token()
end
local now = redis.call('time')
redis.call('zadd', KEYS[3], 'NX', now[1] * 1000000 + now[2], ARGV[3])
redis.call('pexpire', KEYS[3], ARGV[4])
return -math.max(1, redis.call('pttl', KEYS[1]))`;

/**
 * A notified process leaves the line: if it is alive it asks, and if it is not, no other process waits for it again.
 *
 * @returns in Lua: the next one's token; 0: given back; -2: given back, and another process notified; -1: no longer ours
 */
const leave = `${nextToken}
if redis.call('get', KEYS[1]) ~= ARGV[1] then return -1 end
local first = redis.call('zrange', KEYS[3], 0, 0)[1]
if ARGV[2] == '' or (first and tonumber(ARGV[4]) >= ${mostPasses}) then
  redis.call('del', KEYS[1])
  if not first then return 0 end
  redis.call('zrem', KEYS[3], first)
  redis.call('publish', '${releasedChannel}', first .. ' ' .. KEYS[1])
  return -2
end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
return next_token()`;

/** @returns in Lua: whether it was still ours, 1 or 0 */
const renew = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('pexpire', KEYS[1], ARGV[2])
return 1`;

/** The scripts as ioredis takes them: each is sent once, and called by its hash from then on. */
export const scripts = {
  contendAcquire: { lua: acquire, numberOfKeys: 3 },
  contendLeave: { lua: leave, numberOfKeys: 3 },
  contendRenew: { lua: renew, numberOfKeys: 1 },
} as const;

/** A connection on which the scripts are commands. */
export interface ScriptedRedis extends Redis {
  contendAcquire(
    key: string,
    tokens: string,
    waiting: string,
    owner: string,
    ttlMs: number,
    process: string,
    waitsMs: number,
  ): Promise<number>;
  contendLeave(
    key: string,
    tokens: string,
    waiting: string,
    owner: string,
    next: string,
    ttlMs: number,
    passes: number,
  ): Promise<number>;
  contendRenew(key: string, owner: string, ttlMs: number): Promise<number>;
}

/** Which processes wait for a lease, and since when: a sorted set that expires when no process has asked for a while. */
export const waitingKey = (key: string): string => `${key}:waiting`;
