// How a PostgresConnection comes to be: libpq's asynchronous connecting, and what is asked of the
// server.
#include "infra/sql/postgres_connection.h"
#include "infra/sql/postgres_version.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <array>

namespace afterresume::sql {

namespace asio = boost::asio;
using asio::posix::descriptor_base;

namespace {

// No statement runs long enough to gain by being compiled, and one whose cost is overestimated
// would be compiled each time. Appended to what the URL itself says in `options`, which would else
// be lost.
std::string session_settings(const PostgresOptions& options) {
    std::string settings;
    auto* parsed = PQconninfoParse(options.url.c_str(), nullptr);
    for (auto* option = parsed; option && option->keyword; ++option) {
        if (std::string_view(option->keyword) == "options" && option->val) settings = option->val;
    }
    PQconninfoFree(parsed);
    return settings + fmt::format(
                          " -c jit=off -c lock_timeout={} -c statement_timeout={} -c "
                          "idle_in_transaction_session_timeout={}",
                          options.lock_timeout.count(), options.statement_timeout.count(),
                          options.idle_in_transaction_timeout.count()
                      );
}

}  // namespace

void PostgresConnection::connect(std::function<void()> ready, std::function<void()> lost) {
    ready_ = std::move(ready);
    lost_ = std::move(lost);
    state_ = State::connecting;
    deadline_.expires_after(options_->connect_timeout);
    deadline_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto self = weak.lock();
        if (!error && self && self->state_ == State::connecting)
            self->broke("the server did not answer in time");
    });
    asio::co_spawn(io_, establish(shared_from_this()), asio::detached);
}

Task<void> PostgresConnection::establish(std::shared_ptr<PostgresConnection> self) {
    try {
        self->start_connecting();
        co_await self->poll_until_connected();
        if (self->state_ == State::connecting) self->begin_pipeline();
    } catch (const std::exception& error) {
        self->broke(error.what());
    }
}

void PostgresConnection::start_connecting() {
    auto settings = options_->prepare ? session_settings(*options_) : std::string();
    std::vector<const char*> names{"dbname", "client_encoding", "application_name"};
    std::vector<const char*> values{options_->url.c_str(), "UTF8", "afterresume"};
    auto set = [&](const char* name, const std::string& value) {
        if (value.empty()) return;
        names.push_back(name);
        values.push_back(value.c_str());
    };
    set("user", login_.role);
    set("password", login_.password);
    set("options", settings);
    names.push_back(nullptr);
    values.push_back(nullptr);
    connection_ = PQconnectStartParams(names.data(), values.data(), 1);
    if (!connection_) throw std::bad_alloc();
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    if (PQstatus(connection_) == CONNECTION_BAD)
        throw std::runtime_error(PQerrorMessage(connection_));
}

// libpq may take another socket between two polls, when the server has several addresses.
Task<void> PostgresConnection::poll_until_connected() {
    auto wants = PGRES_POLLING_WRITING;
    while (state_ == State::connecting && wants != PGRES_POLLING_OK) {
        if (wants == PGRES_POLLING_FAILED) throw std::runtime_error(PQerrorMessage(connection_));
        socket_.assign(PQsocket(connection_));
        auto side = wants == PGRES_POLLING_READING ? descriptor_base::wait_read
                                                   : descriptor_base::wait_write;
        co_await socket_.async_wait(side, asio::use_awaitable);
        if (state_ != State::connecting) co_return;
        socket_.release();
        wants = PQconnectPoll(connection_);
    }
}

void PostgresConnection::begin_pipeline() {
    require_supported(PQserverVersion(connection_));
    if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) {
        throw std::runtime_error(PQerrorMessage(connection_));
    }
    deadline_.cancel();
    socket_.assign(PQsocket(connection_));
    state_ = State::ready;
    wait_readable();
    auto ready = std::move(ready_);
    if (ready) ready();
}

}  // namespace afterresume::sql
