// Holds what jobs call against what the database says at that moment. What they call costs
// something, so that a call may be made only by who has the job (I1, I12), and only as long as its
// step is not kept (I7).
#pragma once

#include "store.h"

#include "engine/orchestration/workflow.h"

#include <boost/asio/io_context.hpp>

#include <map>
#include <set>
#include <tuple>

namespace afterresume::lives {

class Oracle {
public:
    Oracle(Course& course, Store& store, sql::SqliteOptions options)
        : course_(course), store_(store), database_(sql::open_sqlite(io_, std::move(options))) {}

    void called(const jobs::Claimed& job, const std::string& step, const std::string& key);
    // A worker that could reach the database has ended well: it left no job behind.
    void signed_off(const Uuid& worker);
    // Now and then: what tables show, the limits of tenants among it (I6).
    void look();
    // When all is over: every job has ended, once (I3, I4), and has the effects of one that did.
    void look_at_the_end();

    std::size_t calls() const { return calls_; }
    std::size_t repeated() const { return calls_ - keys_.size(); }
    std::int64_t unfinished();
    // Slots of schedules that have a job.
    std::int64_t fired();

private:
    using Step = std::pair<Uuid, std::string>;

    Course& course_;
    Store& store_;
    // Looks past the store, at what is committed.
    boost::asio::io_context io_{1};
    std::unique_ptr<sql::Database> database_;
    std::size_t calls_ = 0;
    std::set<std::tuple<Uuid, std::string, std::int64_t, Uuid>> attempts_;
    std::map<Step, std::string> keys_;
};

// The jobs of a life: "life.effect" makes two calls, then writes an effect with its completion;
// "life.value" makes one, and its result is written in a batch with others.
constexpr const char* effect_type = "life.effect";
constexpr const char* value_type = "life.value";
void add_workflows(orchestration::Workflows& workflows, Course& course, Oracle& oracle);

}  // namespace afterresume::lives
