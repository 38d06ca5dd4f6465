#include "app/client_local.h"

#include "app/composition.h"
#include "app/databases.h"
#include "app/keys.h"
#include "infra/crypto/crypto.h"
#include "infra/sql/sqlite.h"
#include "workflows/built_in_schedules.h"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace afterresume::app {

namespace {

// Limits guard a server against its callers; a command calls for its own owner.
config::Settings for_one_command(config::Settings settings) {
    settings.log_level = config::LogLevel::error;
    settings.rate_limit_user = settings.rate_limit_tenant = settings.rate_limit_ip =
        config::Rate{1'000'000, 1, 1'000'000};
    return settings;
}

class LocalClient final : public Client {
public:
    LocalClient(const config::Settings& settings, std::string email)
        : lock_(take_lock(settings)),
          migrated_(migrated(settings)),
          program_(for_one_command(settings), stderr),
          email_(std::move(email)),
          token_(crypto::random_token()) {
        program_.gateway.trust_local(token_);
        run_for_value(program_.clock.set_by(*program_.database));
        run(program_.worker->open());
        run(install_schedules());
    }
    ~LocalClient() override {
        try {
            run(program_.worker->stop(std::chrono::seconds(5)));
            run(program_.database->close());
        } catch (const std::exception& failure) {
            fmt::print(stderr, "{}\n", failure.what());
        }
    }

    void settle() override {
        auto work = run_for_value(program_.worker->work_until_idle());
        while (work > 0) work = run_for_value(program_.worker->work_until_idle());
    }

private:
    static std::unique_ptr<sql::InstanceLock> take_lock(const config::Settings& settings) {
        auto target = config::database_target(settings);
        data_dir(settings);
        if (target.postgres) return nullptr;
        return std::make_unique<sql::InstanceLock>(target.file.string() + ".lock");
    }
    // As a scheduler does: `cleanup` runs one of them.
    Task<void> install_schedules() {
        auto tx = program_.database->begin_engine(sql::Access::write);
        co_await schedules::install(
            *tx, afterresume::workflows::built_in_schedules(), program_.clock.now()
        );
        co_await tx->commit();
    }
    static bool migrated(const config::Settings& settings) {
        migrate(settings, secret_key(settings));
        return true;
    }

    Reply send(const std::string& method, const std::string& path, const std::string& body)
        override {
        http::Request request;
        request.method = method;
        request.set_target(path);
        request.headers.add("host", "localhost");
        request.headers.add("authorization", "Bearer " + token_);
        request.headers.add("if-match", "*");
        if (!email_.empty()) request.headers.add("x-act-as", email_);
        request.body = body;
        request.remote_address = "127.0.0.1";
        auto response = run_for_value(program_.gateway.handle(request));
        return {response.status, std::move(response.body)};
    }

    void pause() override { run_for_value(program_.worker->work_until_idle()); }

    void run(Task<void> task) {
        std::exception_ptr failure;
        bool done = false;
        boost::asio::co_spawn(program_.io, std::move(task), [&](std::exception_ptr error) {
            failure = error;
            done = true;
        });
        turn_until(done);
        if (failure) std::rethrow_exception(failure);
    }
    template <class T>
    T run_for_value(Task<T> task) {
        std::exception_ptr failure;
        std::optional<T> value;
        bool done = false;
        boost::asio::co_spawn(
            program_.io, std::move(task),
            [&](std::exception_ptr error, T result) {
                failure = error;
                value.emplace(std::move(result));
                done = true;
            }
        );
        turn_until(done);
        if (failure) std::rethrow_exception(failure);
        return std::move(*value);
    }
    // Completions of other threads come as work of the loop, which must not end for want of any.
    void turn_until(const bool& done) {
        auto guard = boost::asio::make_work_guard(program_.io);
        program_.io.restart();
        while (!done) program_.io.run_one();
    }

    std::unique_ptr<sql::InstanceLock> lock_;
    bool migrated_;
    Composition program_;
    std::string email_;
    std::string token_;
};

}  // namespace

std::unique_ptr<Client> make_local_client(
    const config::Settings& settings, const std::string& email
) {
    return std::make_unique<LocalClient>(settings, email);
}

}  // namespace afterresume::app
