#include "infra/sql/postgres_connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace afterresume::sql {

namespace asio = boost::asio;
using asio::posix::descriptor_base;

namespace {

constexpr std::size_t prepared_limit = 500;
constexpr int binary_results = 1;

std::string prepared_name(std::uint64_t number) { return "s" + std::to_string(number); }

}  // namespace

bool PreparedNames::use(std::uint64_t number) {
    auto found = known_.find(number);
    if (found == known_.end()) return false;
    recent_.splice(recent_.begin(), recent_, found->second);
    return true;
}

std::optional<std::uint64_t> PreparedNames::add(std::uint64_t number) {
    std::optional<std::uint64_t> least_recent;
    if (recent_.size() == limit_) {
        least_recent = recent_.back();
        remove(*least_recent);
    }
    recent_.push_front(number);
    known_.emplace(number, recent_.begin());
    return least_recent;
}

void PreparedNames::remove(std::uint64_t number) {
    auto found = known_.find(number);
    if (found == known_.end()) return;
    recent_.erase(found->second);
    known_.erase(found);
}

void PreparedNames::clear() {
    recent_.clear();
    known_.clear();
}

PostgresConnection::PostgresConnection(
    asio::io_context& io, std::shared_ptr<const PostgresOptions> options, const PostgresLogin& login
)
    : io_(io),
      options_(std::move(options)),
      login_(login),
      socket_(io),
      deadline_(io),
      prepared_(prepared_limit) {}

PostgresConnection::~PostgresConnection() { finish(); }

void PostgresConnection::send(Flight flight) {
    if (state_ != State::ready) {
        asio::post(io_, [land = std::move(flight.land)] {
            Outcome outcome;
            outcome.error = std::make_exception_ptr(away());
            land(std::move(outcome));
        });
        return;
    }
    if (options_->prepare) prepare_for(flight);
    bool sent = true;
    for (const auto& command : flight.commands) sent = sent && send_command(command);
    Travelling travelling;
    travelling.flight = std::move(flight);
    sync(std::move(travelling));
    if (!sent) return broke(PQerrorMessage(connection_));
    flush();
}

// A statement is prepared in a flight of its own, ahead of the one that uses it: so its name exists
// whatever becomes of that one, and its error is nobody else's.
void PostgresConnection::prepare_for(const Flight& flight) {
    if (forget_prepared_ && PQtransactionStatus(connection_) != PQTRANS_INERROR) {
        forget_prepared_ = false;
        prepared_.clear();
        send_alone("DEALLOCATE ALL");
    }
    for (const auto& command : flight.commands) {
        if (prepared_.use(command.statement->number)) continue;
        if (auto old = prepared_.add(command.statement->number))
            send_alone("DEALLOCATE " + prepared_name(*old));
        send_prepare(command.statement);
    }
}

void PostgresConnection::send_prepare(const ParsedStatementPointer& statement) {
    PQsendPrepare(
        connection_, prepared_name(statement->number).c_str(), statement->text.c_str(), 0, nullptr
    );
    Travelling travelling;
    travelling.flight.commands.push_back(Command{statement, {}});
    travelling.prepares = statement->number;
    sync(std::move(travelling));
}

void PostgresConnection::send_alone(const std::string& text) {
    PQsendQueryParams(connection_, text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0);
    ParsedStatement statement;
    statement.name = "sql.prepared";
    Travelling travelling;
    travelling.flight.commands.push_back(
        Command{std::make_shared<const ParsedStatement>(std::move(statement)), {}}
    );
    sync(std::move(travelling));
}

bool PostgresConnection::send_command(const Command& command) {
    command.parameters.pointers(pointers_);
    auto count = static_cast<int>(pointers_.size());
    if (options_->prepare) {
        return PQsendQueryPrepared(
            connection_, prepared_name(command.statement->number).c_str(), count, pointers_.data(),
            nullptr, nullptr, binary_results
        );
    }
    return PQsendQueryParams(
        connection_, command.statement->text.c_str(), count, nullptr, pointers_.data(), nullptr,
        nullptr, binary_results
    );
}

void PostgresConnection::sync(Travelling travelling) {
    PQpipelineSync(connection_);
    in_flight_.push_back(std::move(travelling));
}

void PostgresConnection::flush() {
    auto left = PQflush(connection_);
    if (left < 0) return broke(PQerrorMessage(connection_));
    if (left == 0 || waits_writable_) return;
    waits_writable_ = true;
    socket_.async_wait(
        descriptor_base::wait_write,
        [self = shared_from_this()](boost::system::error_code error) {
            self->waits_writable_ = false;
            if (!error && self->state_ == State::ready) self->flush();
        }
    );
}

void PostgresConnection::wait_readable() {
    socket_.async_wait(
        descriptor_base::wait_read,
        [self = shared_from_this()](boost::system::error_code error) {
            if (!error && self->state_ == State::ready) self->readable();
        }
    );
}

// Whoever is called back may send at once, or end this connection: so first all that came is taken
// in.
void PostgresConnection::readable() {
    bool alive = PQconsumeInput(connection_) == 1;
    Landed landed;
    drain(landed);
    if (!alive || PQstatus(connection_) == CONNECTION_BAD) {
        broke(PQerrorMessage(connection_));
    } else {
        wait_readable();
    }
    for (auto& travelling : landed) {
        if (travelling.flight.land) travelling.flight.land(std::move(travelling.outcome));
    }
}

void PostgresConnection::drain(Landed& landed) {
    while (!in_flight_.empty() && !PQisBusy(connection_)) {
        auto& travelling = in_flight_.front();
        PgResult result(PQgetResult(connection_));
        if (!result) {
            ++travelling.at;
            if (PQstatus(connection_) == CONNECTION_BAD) return;
        } else if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) {
            if (travelling.prepares != 0 && !travelling.outcome.error)
                refused_.erase(travelling.prepares);
            landed.push_back(std::move(travelling));
            in_flight_.pop_front();
        } else {
            take(travelling, std::move(result));
        }
    }
}

void PostgresConnection::take(Travelling& travelling, PgResult result) {
    switch (PQresultStatus(result.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
            travelling.outcome.wrote = travelling.outcome.wrote || rows_changed(result.get()) > 0;
            if (travelling.flight.keeps_all) {
                travelling.outcome.all.push_back(std::make_unique<PostgresResult>(std::move(result))
                );
            } else if (travelling.at + 1 == travelling.flight.commands.size()) {
                travelling.outcome.result = std::make_unique<PostgresResult>(std::move(result));
            }
            break;
        case PGRES_PIPELINE_ABORTED:
            break;
        default:
            fail(travelling, result.get());
    }
}

void PostgresConnection::fail(Travelling& travelling, const PGresult* result) {
    if (travelling.outcome.error) return;
    const auto& commands = travelling.flight.commands;
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    std::string_view state(sqlstate ? sqlstate : "");
    if (travelling.prepares == 0) {
        for (const auto& command : commands) {
            auto refused = refused_.find(command.statement->number);
            if (refused == refused_.end()) continue;
            travelling.outcome.error = refused->second;
            return;
        }
    }
    if (state == "0A000" || state == "26000") forget_prepared_ = true;
    travelling.outcome.error = std::make_exception_ptr(error_of(result));
    if (travelling.prepares != 0) {
        prepared_.remove(travelling.prepares);
        refused_[travelling.prepares] = travelling.outcome.error;
    }
    report(
        commands[std::min(travelling.at, commands.size() - 1)].statement->name, state,
        PQresultErrorMessage(result)
    );
}

void PostgresConnection::report(
    std::string_view statement, std::string_view sqlstate, std::string_view message
) const {
    if (!options_->on_failure || is_conflict(sqlstate)) return;
    options_->on_failure({std::string(statement), std::string(sqlstate), std::string(message)});
}

void PostgresConnection::broke(std::string_view message) {
    if (state_ == State::closed) return;
    report("sql.connection", "", message);
    auto lost = std::move(lost_);
    close();
    asio::post(io_, [lost = std::move(lost)] {
        if (lost) lost();
    });
}

void PostgresConnection::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    deadline_.cancel();
    ready_ = nullptr;
    lost_ = nullptr;
    finish();
    asio::post(
        io_,
        [left = std::make_shared<std::deque<Travelling>>(std::exchange(in_flight_, {}))] {
            for (auto& travelling : *left) {
                Outcome outcome;
                outcome.error = std::make_exception_ptr(away());
                if (travelling.flight.land) travelling.flight.land(std::move(outcome));
            }
        }
    );
}

// The socket is libpq's to close.
void PostgresConnection::finish() {
    if (socket_.is_open()) socket_.release();
    if (connection_) PQfinish(std::exchange(connection_, nullptr));
}

}  // namespace afterresume::sql
