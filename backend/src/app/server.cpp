#include "app/server.h"

#include "api/fixed_headers.h"
#include "app/composition.h"
#include "app/databases.h"
#include "app/keys.h"
#include "app/local_access.h"
#include "engine/workers/loop.h"
#include "infra/http/server.h"
#include "infra/sql/sqlite.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

#include <malloc.h>

namespace afterresume::app {

namespace {

constexpr auto grace = std::chrono::seconds(10);
constexpr std::chrono::seconds time_is_asked_every{30};
constexpr std::chrono::seconds start_is_tried_every{1};

// Each hash of a password maps 19 MiB and gives them back, and whoever grows or shrinks the heap
// meanwhile waits for that. So the heap changes its size seldom (mallopt(3)).
void keep_heap() {
    ::mallopt(M_TOP_PAD, 4 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

http::Options http_options(Composition& program) {
    http::Options options;
    options.host = program.settings.host;
    options.port = static_cast<std::uint16_t>(program.settings.port);
    options.fixed_headers =
        api::fixed_headers(program.settings.environment == config::Environment::production);
    options.problem = [&program](
                          const http::Request& seen, int status, std::string_view code,
                          std::string_view sentence
                      ) { return program.gateway.refuse(seen, status, code, sentence); };
    options.decide = [&program](const http::Request& head) {
        return program.gateway.body_policy(head);
    };
    return options;
}

// The code survives a restart in a file only its owner reads, so that the link printed first stays
// good.
Task<void> print_sign_up_link(Composition& program) {
    auto file = data_dir(program.settings) / "first-invitation";
    auto code = co_await program.sign_in.first_invitation(read_file(file));
    if (!code) {
        std::error_code gone;
        std::filesystem::remove(file, gone);
        co_return;
    }
    write_private_file(file, *code);
    fmt::print("  Sign up as the owner:  {}\n", program.invitations.link_of(*code));
    std::fflush(stdout);
}

class Running {
public:
    Running(Composition& program, Part part)
        : program_(program),
          part_(part),
          server_(
              program.io, http_options(program),
              [this](http::Request& request) { return program_.gateway.handle(request); }
          ),
          signals_(program.io, SIGINT, SIGTERM),
          next_question_(program.io) {}

    void run() {
        start(live());
        program_.io.run();
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    bool serves() const { return part_ == Part::everything || part_ == Part::api; }
    bool works() const { return part_ == Part::everything || part_ == Part::workers; }

    // How this machine's clock differs from the database's is told when it changes.
    Task<std::size_t> ask_for_the_time() {
        auto ahead = co_await program_.clock.set_by(*program_.database);
        if (ahead != ahead_)
            program_.log.warning(
                "app", "the database's clock, which counts, is {} ms ahead of this machine's",
                ahead.count()
            );
        ahead_ = ahead;
        co_return 0;
    }
    Task<void> keep_time() {
        while (!stopping_) {
            co_await workers::sleep(next_question_, time_is_asked_every);
            if (stopping_) break;
            co_await workers::guarded(program_.log, "asking for the time", ask_for_the_time());
        }
    }

    Task<void> live() {
        co_await workers::guarded(program_.log, "asking for the time", ask_for_the_time());
        start(keep_time());
        if (serves()) listen();
        program_.join_others();
        if (works()) start(work());
        if (part_ != Part::api) {
            start(program_.scheduler->run());
            start(program_.sealer.run());
        }
        if (serves()) start(program_.queue_watch.run());
        if (serves()) start(until_done("printing the sign-up link", &Running::print_link));
        co_await signals_.async_wait(boost::asio::use_awaitable);
        program_.log.info("app", "stopping");
        stopping_ = true;
        next_question_.cancel();
        if (serves()) co_await server_.drain(grace);
        program_.queue_watch.stop();
        co_await program_.scheduler->stop();
        co_await program_.sealer.stop();
        if (works()) co_await program_.worker->stop(grace);
        program_.wakeups.reset();
        program_.broadcast.reset();
        if (program_.redis) program_.redis->close();
        co_await program_.database->close();
        program_.io.stop();
    }

    void listen() {
        server_.listen();
        auto url = config::public_url(program_.settings, server_.port());
        program_.invitations.reached_at(url);
        program_.credentials.reached_at(url);
        program_.sign_ups.reached_at(url);
        program_.shares.reached_at(url);
        auto address = fmt::format("http://{}:{}", program_.settings.host, server_.port());
        access_.emplace(program_.settings, address);
        program_.gateway.trust_local(access_->token());
        fmt::print("AfterResume is ready:  {}/api/docs/\n", address);
        std::fflush(stdout);
    }

    // The database may be away when the program starts, too.
    Task<void> until_done(std::string_view what, Task<std::size_t> (Running::*act)()) {
        boost::asio::steady_timer next_try(program_.io);
        while (!stopping_ && !co_await workers::guarded(program_.log, what, (this->*act)()))
            co_await workers::sleep(next_try, start_is_tried_every);
    }
    Task<std::size_t> open_worker() {
        co_await program_.worker->open();
        co_return 1;
    }
    Task<std::size_t> print_link() {
        co_await print_sign_up_link(program_);
        co_return 1;
    }
    Task<void> work() {
        co_await until_done("signing on", &Running::open_worker);
        if (!stopping_) co_await program_.worker->run();
    }

    // What goes on beside the rest; what breaks it ends the program.
    void start(Task<void> loop) {
        boost::asio::co_spawn(program_.io, std::move(loop), [this](std::exception_ptr failure) {
            if (!failure) return;
            failure_ = failure;
            program_.io.stop();
        });
    }

    Composition& program_;
    Part part_;
    http::Server server_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer next_question_;
    std::chrono::milliseconds ahead_{};
    bool stopping_ = false;
    std::optional<LocalAccess> access_;
    std::exception_ptr failure_;
};

}  // namespace

void run_server(const config::Settings& settings, Part part) {
    keep_heap();
    auto target = config::database_target(settings);
    data_dir(settings);
    std::optional<sql::InstanceLock> lock;
    if (!target.postgres) {
        if (part != Part::everything) {
            throw Error(
                ErrorKind::invalid, "app.needs_postgres",
                "SQLite serves one process: use `up`, or set DATABASE_URL to PostgreSQL for "
                "several."
            );
        }
        lock.emplace(target.file.string() + ".lock");
    }
    if (part == Part::everything) {
        migrate(settings, secret_key(settings));
    } else {
        require_current_schema(settings);
        keep_keys(settings, secret_key(settings));
    }
    Composition program(settings, stdout);
    Running(program, part).run();
}

}  // namespace afterresume::app
