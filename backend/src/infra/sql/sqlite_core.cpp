#include "infra/sql/sqlite_core.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace afterresume::sql {

namespace {

namespace asio = boost::asio;

// As in the statement below.
constexpr std::int64_t id_block = 10'000;

using Answer = void(std::exception_ptr, std::unique_ptr<Result>);

// A coroutine that waits.
template <class Handler>
struct Awaited final : Request {
    explicit Awaited(Handler resume) : handler(std::move(resume)) {}
    void finish() override {
        auto resume = std::move(handler);
        resume(std::move(error), std::move(result));
    }
    Handler handler;
};

void fill(Request& request, SqliteCore::Flight&& flight) {
    request.reach = flight.reach;
    request.calls = std::move(flight.calls);
    request.session = std::move(flight.session);
    request.commit = flight.commit;
}

}  // namespace

// A block of ids for the supply, asked for before the last one is used up.
struct Reservation final : Request {
    void finish() override {
        auto living = engine.lock();
        if (!living) return;
        living->reserving_ = false;
        living->reserving_failed_ = error;
        if (!error) living->add_ids(SqliteCore::granted(*result));
    }
    std::weak_ptr<SqliteCore> engine;
};

SqliteCore::SqliteCore(asio::io_context& io, SqliteOptions options)
    : options_(std::move(options)),
      deliveries_(std::make_shared<Deliveries>(io, options_.on_failure)),
      writer_(options_, deliveries_),
      readers_(options_, deliveries_) {}

Task<std::unique_ptr<Result>> SqliteCore::read(Flight flight) {
    return send(To::readers, std::move(flight));
}

Task<std::unique_ptr<Result>> SqliteCore::write(Flight flight) {
    return send(To::writer, std::move(flight));
}

Task<std::unique_ptr<Result>> SqliteCore::send(To to, Flight flight) {
    return asio::async_initiate<const asio::use_awaitable_t<>, Answer>(
        [this, to](auto handler, Flight filled) {
            auto request = std::make_unique<Awaited<decltype(handler)>>(std::move(handler));
            fill(*request, std::move(filled));
            dispatch(to, std::move(request));
        },
        asio::use_awaitable, std::move(flight)
    );
}

void SqliteCore::dispatch(To to, std::unique_ptr<Request> request) {
    deliveries_->expect_one();
    if (to == To::readers ? readers_.send(request) : writer_.send(request)) return;
    request->error = std::make_exception_ptr(
        Error(ErrorKind::unavailable, "sql.busy", "Too much waits for the database; try again.")
            .retry_after(1)
    );
    Requests refused;
    refused.push_back(std::move(request));
    deliveries_->deliver(refused);
}

const Statement& SqliteCore::reserve_ids() {
    static constexpr Statement statement{
        "ids.reserve", "UPDATE id_block SET next = next + 10000 RETURNING next AS last"
    };
    return statement;
}

SqliteCore::Ids SqliteCore::granted(const Result& result) {
    if (result.rows() != 1)
        throw Error(ErrorKind::internal, "sql.no_ids", "The database has no supply of ids.");
    auto end = result.cell(0, 0).integer;
    return {end - id_block, end};
}

void SqliteCore::add_ids(Ids ids) {
    if (has_ids()) {
        more_ids_ = ids;
    } else {
        ids_ = ids;
    }
}

void SqliteCore::reserve_more() {
    if (reserving_ || more_ids_.next < more_ids_.end) return;
    reserving_ = true;
    auto request = std::make_unique<Reservation>();
    request->engine = weak_from_this();
    fill(
        *request, {.reach = {}, .calls = {Call{reserve_ids(), {}}}, .session = {}, .commit = true}
    );
    dispatch(To::writer, std::move(request));
}

Task<std::int64_t> SqliteCore::next_id() {
    while (!has_ids()) {
        reserve_more();
        // The writer is first come, first served: when this empty transaction is over, the
        // reservation is, too.
        co_await write({.reach = {}, .calls = {}, .session = {}, .commit = true});
        if (!has_ids() && reserving_failed_) std::rethrow_exception(reserving_failed_);
    }
    auto id = ids_.next++;
    if (!has_ids()) std::swap(ids_, more_ids_);
    if (ids_.end - ids_.next < id_block / 2) reserve_more();
    co_return id;
}

void SqliteCore::stop() {
    readers_.stop();
    writer_.stop();
}

}  // namespace afterresume::sql
