// What follows from what. Read the table in subscriptions.cpp to know what the program does by
// itself.
#pragma once

#include "engine/jobs/queue.h"
#include "infra/events/events.h"

#include <map>
#include <string>
#include <vector>

namespace afterresume::workflows {

struct FollowUp {
    std::string job_type;
    jobs::Start start = jobs::Start::now;
    // The event's data becomes the payload; else the job gets none.
    bool with_event = false;
};

class Subscriptions {
public:
    // `auto_chain` false leaves out what only keeps skills and résumé fresh.
    explicit Subscriptions(bool auto_chain);

    const std::vector<FollowUp>& of(const std::string& event) const;
    const std::map<std::string, std::vector<FollowUp>>& all() const { return table_; }

private:
    std::map<std::string, std::vector<FollowUp>> table_;
};

// Enqueues what follows, in the event's transaction. There has to be room for what follows from
// what a person does, not for what jobs lead to. The parts must outlive it.
events::Follow follow(
    const Subscriptions& subscriptions, jobs::Queue& queue, jobs::RequireRoom require_room
);

}  // namespace afterresume::workflows
