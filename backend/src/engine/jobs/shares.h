// How the room of one claim is dealt out among the tenants of a queue: weighted fair queueing by
// virtual time (Demers, Keshav and Shenker 1989; Goyal, Vin and Cheng 1996). Pure functions.
#pragma once

#include "engine/jobs/model.h"

#include <span>

namespace afterresume::jobs {

// A tenant that has jobs ready in a queue.
struct Contender {
    QueueName queue = QueueName::ai;
    TenantId tenant_id;
    std::int64_t weight = 1;
    // How far its jobs have come; the least is served next.
    double vtime = 0;
    // Jobs it may begin before its limit; no limit when absent.
    std::optional<std::int64_t> room;
};
BOOST_DESCRIBE_STRUCT(Contender, (), (queue, tenant_id, weight, vtime, room))

// Jobs for each of one queue's contenders, which stand in the order of their vtime: `limit` in all
// lift those that lag to one common vtime. What a tenant's room does not take goes to the others.
std::vector<std::int64_t> share_out(std::span<const Contender> contenders, std::int64_t limit);

}  // namespace afterresume::jobs
