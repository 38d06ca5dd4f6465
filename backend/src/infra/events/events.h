// What happened. A feature records a typed event in the transaction of what it did; it is kept in
// the timeline and followers (one table in workflows/) enqueue what comes of it in that same
// transaction. Owned by app/.
#pragma once

#include "core/clock.h"
#include "core/scope.h"
#include "infra/sql/database.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::events {

// One line of the timeline. `data` is the JSON of the typed event.
struct Event {
    std::string name;
    std::string data;
};

// What follows from an event, in its transaction; gives the jobs that were enqueued.
using Follow = std::function<Task<std::vector<Uuid>>(sql::Tx&, const Scope&, const Event&)>;

class Events {
public:
    explicit Events(const Clock& clock) : clock_(clock) {}

    void follow_with(Follow follow) { follow_ = std::move(follow); }

    // E is a described struct with `static constexpr std::string_view event_name =
    // "area.happened"`. Gives the jobs that follow.
    template <class E>
    Task<std::vector<Uuid>> record(sql::Tx& tx, const Scope& scope, const E& event) {
        return keep(tx, scope, Event{std::string(E::event_name), describe::to_json(event)});
    }

private:
    Task<std::vector<Uuid>> keep(sql::Tx& tx, const Scope& scope, Event event);

    const Clock& clock_;
    Follow follow_;
};

}  // namespace afterresume::events
