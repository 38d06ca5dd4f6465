// Schedules over HTTP: what a tenant's people have done for them at set times.
#pragma once

#include "engine/schedules/service.h"
#include "infra/http/route.h"

namespace afterresume::schedules {

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& schedules) : schedules_(schedules) {}
    http::Routes routes();

private:
    Task<http::Created<Schedule>> create(http::Call& call, CreateSchedule body);
    Task<SchedulePage> list(http::Call& call, ListSchedules query);
    Task<http::Versioned<Schedule>> read(http::Call& call, Id<Schedule> id);
    Task<http::Versioned<Schedule>> edit(http::Call& call, Id<Schedule> id, EditSchedule change);
    Task<http::NoContent> remove_schedule(http::Call& call, Id<Schedule> id);
    Task<DecisionPage> history(http::Call& call, Id<Schedule> id, ListSchedules query);
    Task<http::Accepted> run_now(http::Call& call, Id<Schedule> id);
    Task<http::Versioned<Schedule>> pause(http::Call& call, Id<Schedule> id);
    Task<http::Versioned<Schedule>> resume(http::Call& call, Id<Schedule> id);

    Service& schedules_;
};

}  // namespace afterresume::schedules
