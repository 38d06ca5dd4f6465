#include "oracle.h"

#include "engine/jobs/invariants.h"

#include <boost/asio/co_spawn.hpp>

namespace afterresume::lives {

using sql::named;

namespace {

struct Standing {
    std::int64_t held = 0;
    std::int64_t kept = 0;
};
BOOST_DESCRIBE_STRUCT(Standing, (), (held, kept))

struct Sum {
    std::int64_t jobs = 0;
    std::int64_t unfinished = 0;
    std::int64_t failed = 0;
    std::int64_t wanted_effects = 0;
    std::int64_t effects = 0;
    std::int64_t doubled_effects = 0;
    std::int64_t ends = 0;
    std::int64_t doubled_ends = 0;
};
BOOST_DESCRIBE_STRUCT(
    Sum, (),
    (jobs, unfinished, failed, wanted_effects, effects, doubled_effects, ends, doubled_ends)
)

}  // namespace

void Oracle::called(const jobs::Claimed& job, const std::string& step, const std::string& key) {
    static constexpr sql::Statement statement{"lives.standing", R"sql(
        SELECT (SELECT count(*) FROM job_hot
                WHERE id = :id AND lease_seq = :lease_seq AND worker_id = :worker AND state = 'running') AS held,
               (SELECT count(*) FROM job_step
                WHERE job_id = :id AND generation = :generation AND name = :step) AS kept)sql"};
    ++calls_;
    auto what = fmt::format("{} of {} by attempt {}", step, job.id.text(), job.lease_seq);
    course_.tell("calls {}", what);
    auto standing = store_.truth<Standing>(
        statement, job.fence(), named("generation", job.generation), named("step", step)
    );
    if (standing.held == 0) course_.fault("I1, I12: {} was called, whose lease is lost", what);
    if (standing.kept > 0) course_.fault("I7: {} was called, which is kept", what);
    if (!attempts_.emplace(job.id, step, job.lease_seq, job.worker).second)
        course_.fault("an attempt called {} twice", what);
    if (keys_.try_emplace({job.id, step}, key).first->second != key)
        course_.fault("{} was called by two keys", what);
}

void Oracle::signed_off(const Uuid& worker) {
    static constexpr sql::Statement statement{
        "lives.left", "SELECT count(*) FROM job_hot WHERE worker_id = :worker AND state = 'running'"
    };
    auto left = store_.truth<std::int64_t>(statement, named("worker", worker));
    if (left > 0) course_.fault("I4: {} jobs were not handed back by whoever ended well", left);
}

void Oracle::look() {
    std::vector<jobs::Violation> found;
    auto keep = [&](const std::exception_ptr& error, std::vector<jobs::Violation> given) {
        if (error) std::rethrow_exception(error);
        found = std::move(given);
    };
    boost::asio::co_spawn(
        io_, jobs::find_violations(*database_, {.rescue_cap = 1'000, .claimable_since = {}}), keep
    );
    io_.restart();
    io_.run();
    for (const auto& one : found)
        course_.fault("{}: {} of {}", one.invariant, one.sentence, one.subject);
}

std::int64_t Oracle::unfinished() {
    static constexpr sql::Statement statement{"lives.unfinished", "SELECT count(*) FROM job_hot"};
    return store_.truth<std::int64_t>(statement);
}

std::int64_t Oracle::fired() {
    static constexpr sql::Statement statement{
        "lives.fired", "SELECT count(*) FROM schedule_run WHERE outcome = 'fired'"
    };
    return store_.truth<std::int64_t>(statement);
}

void Oracle::look_at_the_end() {
    static constexpr sql::Statement statement{"lives.sum", R"sql(
        SELECT (SELECT count(*) FROM job) AS jobs,
               (SELECT count(*) FROM job_hot) AS unfinished,
               (SELECT count(*) FROM job WHERE status = 'failed') AS failed,
               (SELECT count(*) FROM job WHERE status = 'success' AND type = 'life.effect') AS wanted_effects,
               (SELECT count(*) FROM fault_effect JOIN job ON job.id = fault_effect.job_id
                WHERE status = 'success') AS effects,
               (SELECT count(*) - count(DISTINCT job_id) FROM fault_effect) AS doubled_effects,
               (SELECT count(*) FROM fault_end) AS ends,
               (SELECT count(*) - count(DISTINCT job_id) FROM fault_end) AS doubled_ends)sql"};
    auto sum = store_.truth<Sum>(statement);
    course_.tell("{}", describe::to_json(sum));
    if (sum.unfinished > 0) course_.fault("I4: {} jobs never end", sum.unfinished);
    if (sum.failed > 0) course_.fault("I5: {} jobs failed", sum.failed);
    if (sum.effects != sum.wanted_effects || sum.doubled_effects > 0)
        course_.fault("I3: effects are missing or stand twice");
    if (sum.ends + sum.unfinished != sum.jobs || sum.doubled_ends > 0)
        course_.fault("I3: ends are missing or stand twice");
}

}  // namespace afterresume::lives
