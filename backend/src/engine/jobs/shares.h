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
    // How far its jobs have come, in turns over weight; the least is served next.
    double vtime = 0;
    // Jobs it may begin before its limit; no limit when absent.
    std::optional<std::int64_t> room;
    // Whether it was there already, with jobs that it had room for, when it was last served.
    bool active = true;
};

// How many turns a job takes of its tenant, by its estimated cost in micro-units: one for each
// cent, and at least one, which is what jobs take that are expected to cost nothing.
double turns_of(std::int64_t estimated_cost);

// Brings the contenders of one queue into one time before they are served. Who comes back starts
// with the least of those that were there, so that time away earns nothing; when nobody was there,
// all start with the one that has come furthest, and no earlier than `clock`. What somebody had
// beyond that by itself counts against it only up to a bound.
void align(std::span<Contender> contenders, double clock);

// Jobs for each of one queue's contenders, which stand in the order of their vtime: `limit` in all
// lift those that lag to one common vtime. What a tenant's room does not take goes to the others.
std::vector<std::int64_t> share_out(std::span<const Contender> contenders, std::int64_t limit);

}  // namespace afterresume::jobs
