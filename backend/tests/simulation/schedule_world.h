// Schedules on one database, as a history acts on them: two nodes that fire, each with the time
// that it is told. Nothing runs by itself.
#pragma once

#include "schedule_reference.h"

#include "engine/jobs/outcomes.h"
#include "engine/schedules/testing.h"

#include <deque>

namespace afterresume::simulation {

constexpr std::size_t most_schedules = 6;

class ScheduleWorld {
public:
    ScheduleWorld(sql::Dialect dialect, const Clock& clock);

    void create(const Rhythm& rhythm);
    void edit(Number number, const Rhythm& wanted);
    void set_enabled(Number number, bool enabled);
    void allow(bool alices, bool allowed);
    void fire(Timestamp now);
    // Both nodes at the same moment.
    void fire_twice(Timestamp now);
    std::string run_now(Number number);
    void begin(Number number);
    void end(Number number, jobs::Status status);

    // As ScheduleReference::view() writes it.
    std::string view(Number number);
    std::vector<std::string> violations();

private:
    struct Made {
        Id<schedules::Schedule> id;
        bool alices = true;
        std::deque<jobs::Claimed> running = {};
    };
    struct Found {
        Uuid id;
        jobs::Status status = jobs::Status::queued;
    };
    BOOST_DESCRIBE_CLASS(Found, (), (id, status), (), ())

    template <class T>
    using Act = std::function<Task<T>(sql::Tx&)>;
    template <class T>
    T as_owner(bool alices, Act<T> act);
    Task<void> fire_all(schedules::Firing& node, Timestamp now);
    Task<void> fire_on_both(Timestamp now);
    Task<std::vector<jobs::Claimed>> claim(std::string type);
    Task<void> write(jobs::Ending ending);
    Task<void> register_worker();
    // In the order in which they were asked for.
    Task<std::vector<Found>> jobs_of(Number number);
    std::vector<schedules::Decision> history(Number number);
    const Scope& owner(bool alices) const;

    const Clock& clock_;
    sql::ScratchDatabase scratch_;
    jobs::JobTypes types_;
    jobs::Doorbell doorbell_;
    jobs::Doorbell bell_;
    jobs::Doorbell cancels_;
    jobs::Queue queue_;
    schedules::ListedRights rights_;
    observability::Log log_{observability::Level::error, observability::LogFormat::text, stderr};
    schedules::Service service_;
    schedules::Firing node_;
    schedules::Firing other_node_;
    Uuid worker_ = Uuid::random();
    std::vector<Made> made_;
};

}  // namespace afterresume::simulation
