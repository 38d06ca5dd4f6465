// What a node knows of a few rows that seldom change, whichever node changes them: asked on every
// request and answered from memory, which is never older than a second. Used on the I/O thread
// only; its owner must outlive the looks under way.
#pragma once

#include "infra/sql/database.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace afterresume::sql {

template <class Rows>
class Known {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Read = std::function<Task<Rows>(Tx& engine)>;

    // `now` is another clock in tests.
    Known(Database& database, Read read, std::function<Time()> now = std::chrono::steady_clock::now)
        : database_(database), read_(std::move(read)), now_(std::move(now)) {}

    // Throws Error(unavailable) when the database is away for longer than what is known may be
    // believed.
    Task<std::shared_ptr<const Rows>> get() {
        auto now = now_();
        bool is_known = looked_at_ && *looked_at_ >= changed_at_;
        if (!is_known || now - *looked_at_ >= std::chrono::milliseconds(1000)) {
            co_await look();
        } else if (now >= next_look_) {
            next_look_ = now + looks_every;
            boost::asio::co_spawn(
                co_await boost::asio::this_coro::executor, look_quietly(), boost::asio::detached
            );
        }
        co_return rows_;
    }
    // This node has changed them, and committed it: what it saw before is believed no more.
    void forget() { changed_at_ = now_(); }
    // Reads them anew.
    Task<void> look() {
        auto before = now_();
        auto tx = database_.begin_engine(Access::read);
        auto rows = std::make_shared<const Rows>(co_await read_(*tx));
        // Another look, begun later, was answered first.
        if (looked_at_ && *looked_at_ > before) co_return;
        rows_ = std::move(rows);
        looked_at_ = before;
        next_look_ = before + looks_every;
    }

private:
    static constexpr std::chrono::milliseconds looks_every{400};

    // Who asks once what is known has grown old is told what went wrong.
    Task<void> look_quietly() {
        try {
            co_await look();
        } catch (...) {
            co_return;
        }
    }

    Database& database_;
    Read read_;
    std::function<Time()> now_;
    std::shared_ptr<const Rows> rows_;
    // When the last look that succeeded was begun; none at first.
    std::optional<Time> looked_at_;
    Time next_look_;
    Time changed_at_ = Time::min();
};

}  // namespace afterresume::sql
