#include "engine/api/schedules_api.h"

namespace afterresume::schedules {

http::Routes Api::routes() {
    return {
        post("/api/schedules/", "Have a job done at set times", Permission::write, &Api::create),
        get("/api/schedules/", "List your schedules", Permission::read, &Api::list),
        get("/api/schedules/{id}/", "Read a schedule", Permission::read, &Api::read),
        patch("/api/schedules/{id}/", "Change a schedule", Permission::write, &Api::edit),
        remove(
            "/api/schedules/{id}/", "Delete a schedule and its history", Permission::write,
            &Api::remove_schedule
        ),
        get("/api/schedules/{id}/history/", "Read what became of a schedule's times",
            Permission::read, &Api::history),
        post(
            "/api/schedules/{id}/run/", "Have a schedule's job done now", Permission::write,
            &Api::run_now
        ),
        post("/api/schedules/{id}/pause/", "Pause a schedule", Permission::write, &Api::pause),
        post(
            "/api/schedules/{id}/resume/", "Let a paused schedule go on", Permission::write,
            &Api::resume
        ),
    };
}

Task<http::Created<Schedule>> Api::create(http::Call& call, CreateSchedule body) {
    auto made = co_await schedules_.create(call.tx(), call.scope(), std::move(body));
    auto location = fmt::format("/api/schedules/{}/", made.id.value);
    auto version = made.version;
    co_return http::Created<Schedule>{std::move(made), std::move(location), version};
}

Task<SchedulePage> Api::list(http::Call& call, ListSchedules query) {
    co_return co_await schedules_.list(call.tx(), call.scope(), std::move(query));
}

Task<http::Versioned<Schedule>> Api::read(http::Call& call, Id<Schedule> id) {
    co_return http::versioned(co_await schedules_.get(call.tx(), call.scope(), id));
}

Task<http::Versioned<Schedule>> Api::edit(http::Call& call, Id<Schedule> id, EditSchedule change) {
    auto match = call.match();
    co_return http::versioned(
        co_await schedules_.edit(call.tx(), call.scope(), id, match, std::move(change))
    );
}

Task<http::NoContent> Api::remove_schedule(http::Call& call, Id<Schedule> id) {
    co_await schedules_.remove(call.tx(), call.scope(), id, call.match());
    co_return http::NoContent{};
}

Task<DecisionPage> Api::history(http::Call& call, Id<Schedule> id, ListSchedules query) {
    co_return co_await schedules_.history(call.tx(), call.scope(), id, std::move(query));
}

Task<http::Accepted> Api::run_now(http::Call& call, Id<Schedule> id) {
    co_return http::Accepted{co_await schedules_.run_now(call.tx(), call.scope(), id)};
}

Task<http::Versioned<Schedule>> Api::pause(http::Call& call, Id<Schedule> id) {
    co_return http::versioned(co_await schedules_.pause(call.tx(), call.scope(), id));
}

Task<http::Versioned<Schedule>> Api::resume(http::Call& call, Id<Schedule> id) {
    co_return http::versioned(co_await schedules_.resume(call.tx(), call.scope(), id));
}

}  // namespace afterresume::schedules
