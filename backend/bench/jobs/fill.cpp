// How fast jobs are enqueued into a database that does nothing else, durably:
//   fill sqlite|postgres JOBS AT_ONCE WRITERS
// AT_ONCE jobs a transaction, WRITERS transactions at the same time. On PostgreSQL the server of
// TEST_DATABASE_URL (tools/with-postgres --durable).
#include "embedded/migrations.h"
#include "engine/jobs/queue.h"
#include "infra/sql/testing.h"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>

namespace afterresume {
namespace {

class Bench {
public:
    Bench(sql::Dialect dialect, std::size_t jobs, std::size_t at_once)
        : left_(jobs), at_once_(at_once), scratch_(dialect, embedded::migrations()) {
        types_.add({.name = "bench.nothing"});
    }

    double seconds(std::size_t writers) {
        auto begun = std::chrono::steady_clock::now();
        auto open = writers;
        for (std::size_t i = 0; i < writers; ++i) {
            boost::asio::co_spawn(scratch_.io(), write(), [&open](std::exception_ptr failure) {
                if (failure) std::rethrow_exception(failure);
                --open;
            });
        }
        scratch_.io().restart();
        while (open > 0) scratch_.io().run_one();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    }

private:
    Task<void> write() {
        while (left_ > 0) {
            auto count = std::min(left_, at_once_);
            left_ -= count;
            std::vector<jobs::Node> nodes(count, {{"bench.nothing", R"({"entry_id":4711})"}});
            auto tx = scratch_.database().begin(scratch_.alice(), sql::Access::write);
            queue_.enqueue_all(*tx, jobs::origin_of(scratch_.alice()), std::move(nodes));
            co_await tx->commit();
        }
    }

    std::size_t left_;
    std::size_t at_once_;
    sql::ScratchDatabase scratch_;
    SystemClock clock_;
    jobs::JobTypes types_;
    jobs::Doorbell doorbell_;
    jobs::Queue queue_{types_, clock_, doorbell_};
};

}  // namespace
}  // namespace afterresume

int main(int count, char** words) {
    using afterresume::sql::Dialect;
    if (count != 5) {
        fmt::print(stderr, "fill sqlite|postgres JOBS AT_ONCE WRITERS\n");
        return 2;
    }
    auto dialect = std::string_view(words[1]) == "sqlite" ? Dialect::sqlite : Dialect::postgres;
    auto jobs = std::strtoull(words[2], nullptr, 10);
    auto writers = std::strtoull(words[4], nullptr, 10);
    afterresume::Bench bench(dialect, jobs, std::strtoull(words[3], nullptr, 10));
    auto seconds = bench.seconds(writers);
    fmt::print(
        "{} jobs in {:.2f} s: {:.0f} jobs/s\n", jobs, seconds, static_cast<double>(jobs) / seconds
    );
    return 0;
}
