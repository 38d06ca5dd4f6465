#include "engine/orchestration/waits.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"

#include <algorithm>
#include <stdexcept>

namespace afterresume::orchestration {

namespace {

constexpr std::size_t most_made = 10'000;

struct Made {
    std::vector<jobs::JobId> jobs;
};
BOOST_DESCRIBE_STRUCT(Made, (), (jobs))

bool has_ended(const jobs::Ended& job) { return job.status.has_value(); }

}  // namespace

Task<std::vector<jobs::Ended>> Waits::for_made(
    std::string name, jobs::Origin origin, std::vector<jobs::Node> nodes
) {
    if (nodes.empty()) co_return std::vector<jobs::Ended>{};
    auto made = co_await checkpoints_.find_wait(name);
    if (!made) co_await make(std::move(name), origin, std::move(nodes));
    auto ids = describe::parse<Made>(made->output).jobs;
    auto found = co_await look_at(std::move(ids));
    if (std::ranges::all_of(found, &has_ended)) co_return found;
    // Woken by something else.
    co_await step_aside([&](sql::Tx& tx) {
        jobs::wait_for_made(tx, job_.fence(), job_.tenant_id, {}, surroundings_.clock.now());
    });
    co_return found;
}

Task<std::vector<jobs::Ended>> Waits::look_at(std::vector<jobs::JobId> ids) {
    auto tx = surroundings_.database.begin(scope_, sql::Access::read);
    auto found = co_await jobs::list_ends(*tx, job_.tenant_id, std::move(ids));
    const auto& seal = surroundings_.queue.seal();
    for (auto& [id, status, result, error] : found) {
        if (!result) continue;
        result = seal.opened(job_.tenant_id, id, std::move(*result), jobs::result_part);
    }
    co_return found;
}

// The jobs, what names them and the wait: all or nothing.
Task<void> Waits::make(std::string name, jobs::Origin origin, std::vector<jobs::Node> nodes) {
    if (nodes.size() > most_made)
        throw std::logic_error(fmt::format("{} waits for more than {} jobs", job_.type, most_made));
    auto now = surroundings_.clock.now();
    co_await step_aside([&](sql::Tx& tx) {
        Made made{surroundings_.queue.enqueue_all(tx, origin, std::move(nodes))};
        jobs::Step step{std::move(name), {}, describe::to_json(made), job_.attempts, now, now, 0};
        jobs::keep_step(
            tx, job_.tenant_id, job_.id, job_.generation, checkpoints_.sealed(std::move(step))
        );
        jobs::wait_for_made(tx, job_.fence(), job_.tenant_id, made.jobs, now);
    });
}

Task<void> Waits::until(Timestamp time) {
    checkpoints_.check();
    auto now = surroundings_.clock.now();
    if (now >= time) co_return;
    co_await step_aside([&](sql::Tx& tx) { jobs::wait_until(tx, job_.fence(), time, now); });
}

Task<std::optional<std::string>> Waits::for_call(std::string name, Timestamp time) {
    auto known = co_await checkpoints_.find_wait(name);
    if (known) co_return known->output;
    auto now = surroundings_.clock.now();
    bool waits = false;
    co_await checkpoints_.fenced([&](sql::Tx& tx) -> Task<void> {
        // It may have come since the steps were read; none can come while this holds the job.
        known = co_await jobs::find_step(tx, job_.tenant_id, job_.id, job_.generation, name, {});
        if (known) known = checkpoints_.opened(std::move(*known));
        waits = !known && now < time;
        if (waits) jobs::wait_for_call(tx, job_.fence(), name, time, now);
    });
    if (waits) throw Stopped{Stopped::Reason::waiting};
    co_return known ? std::optional(known->output) : std::nullopt;
}

}  // namespace afterresume::orchestration
