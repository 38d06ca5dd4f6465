// What can be seen of the world from outside.
#include "violations.h"
#include "world.h"

#include "engine/jobs/inspection.h"

#include <boost/json/serialize.hpp>

#include <fmt/ranges.h>

namespace afterresume::simulation {

namespace {

Task<jobs::JobView> read_job(sql::Database& database, Scope scope, jobs::JobId id) {
    auto tx = database.begin(scope, sql::Access::read);
    co_return co_await jobs::get_job(*tx, scope, jobs::JobTypes(), id);
}

Task<jobs::Told> read_events(sql::Database& database, Scope scope, jobs::JobId id) {
    auto tx = database.begin(scope, sql::Access::read);
    co_return co_await jobs::list_events(*tx, scope, id, 0, 1'000);
}

// Without the order of the members, in which the databases differ.
std::map<std::string, std::string> members_of(const JsonObject& data) {
    std::map<std::string, std::string> members;
    for (const auto& [name, value] : data) members.emplace(name, boost::json::serialize(value));
    return members;
}

}  // namespace

std::string World::view(Place place) {
    auto job = scratch_.run(read_job(scratch_.database(), scope_at(place), jobs_[place]));
    std::set<std::string> steps;
    for (const auto& step : job.steps) steps.insert(step.name);
    return line_of(job.status, job.attempts, job.error ? job.error->code : "", steps);
}

std::string World::events(Place place) {
    std::string text;
    auto told = scratch_.run(read_events(scratch_.database(), scope_at(place), jobs_[place]));
    for (const auto& event : told.events) {
        text += fmt::format(
            "{} {} {} {} {}\n", event.seq, describe::name_of(event.level),
            describe::name_of(event.source), event.message, members_of(event.data)
        );
    }
    return text;
}

std::vector<std::string> World::violations() { return violations_in(scratch_); }

}  // namespace afterresume::simulation
