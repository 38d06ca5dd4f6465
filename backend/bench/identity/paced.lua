-- Requests at a steady rate, one connection a thread: wrk -t N -c N -s paced.lua URL -- GAP_MS SEED TOKENS|logins
-- Sent in turn for each access token of a file, or sign-ins of many people from many addresses. For readers an answer's time
-- counts from when its request was due where the one before kept it waiting. What is answered in the first seconds does not
-- count: wrk then makes its threads, on the processors of those that it measures. Prints a JSON object at the end.
local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long nanoseconds; } instant;
int clock_gettime(int clock, instant *now);
]]
local MONOTONIC = 1
local WARM = 2000
local instant = ffi.new("instant")
local function now()
    ffi.C.clock_gettime(MONOTONIC, instant)
    return tonumber(instant.seconds) * 1000 + tonumber(instant.nanoseconds) / 1e6
end

local threads = 0
local made = {}
local gap, tokens, at, due, begun, answered, counts_from
statuses, times = {}, {}

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
    made[threads] = thread
end

function init(args)
    gap = tonumber(args[1])
    math.randomseed(tonumber(args[2]) + number)
    due = now() + math.random() * gap
    counts_from = now() + WARM
    at = number * 613
    if args[3] == "logins" then return end
    tokens = {}
    for line in io.lines(args[3]) do tokens[#tokens + 1] = line end
end

function delay()
    return math.max(0, math.floor(due - now() + 0.5))
end

function request()
    local waited = tokens and answered and answered > due
    begun = waited and due or now()
    due = due + gap
    at = at + 1
    if tokens then
        return wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. tokens[at % #tokens + 1] })
    end
    -- Each from a place of its own; every second address is somebody's.
    local who = math.random(0, 19999)
    local from = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
    return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = from },
        '{"email":"user' .. who .. '@example.org","password":"not this one, surely"}')
end

function response(status)
    answered = now()
    if begun < counts_from then return end
    statuses[#statuses + 1] = status
    times[#times + 1] = answered - begun
end

function done(summary)
    local of = {}
    for _, thread in ipairs(made) do
        local said, took = thread:get("statuses"), thread:get("times")
        for i, status in ipairs(said) do
            of[status] = of[status] or {}
            of[status][#of[status] + 1] = string.format("%.2f", took[i])
        end
    end
    local parts = {}
    for status, all in pairs(of) do parts[#parts + 1] = string.format('"%d":[%s]', status, table.concat(all, ",")) end
    local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    print(string.format('JSON{"seconds":%f,"lost":%d,"times":{%s}}', (summary.duration / 1e3 - WARM) / 1e3, lost, table.concat(parts, ",")))
end
