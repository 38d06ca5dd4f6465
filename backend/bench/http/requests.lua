-- Prepared requests, one for each access token of a file, cycled: wrk -s requests.lua URL -- METHOD TOKENS
local requests, at = {}, 0
local threads = 0

-- Threads begin at different places, so that no two ask for one user at once.
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local function entry(n)
    local done = string.rep("moved the import to \\\"batches\\\", ", 8)
    return '{"content":"Number ' .. n .. ": " .. done ..
        'and cut its run time from 40 to 12 minutes.","tags":["postgres","c++","api"]}'
end

function init(args)
    local method, tokens = args[1], args[2]
    local headers = { ["Content-Type"] = "application/json" }
    for token in io.lines(tokens) do
        headers["Authorization"] = "Bearer " .. token
        local body = method == "POST" and entry(#requests) or nil
        requests[#requests + 1] = wrk.format(method, nil, headers, body)
    end
    at = number * math.floor(#requests / 2)
end

function request()
    at = at % #requests + 1
    return requests[at]
end
