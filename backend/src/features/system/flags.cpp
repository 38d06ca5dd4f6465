#include "features/system/flags.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace afterresume::system {

namespace {

constexpr auto believed_for = std::chrono::milliseconds(1000);
constexpr auto looks_every = std::chrono::milliseconds(400);

}  // namespace

Flags::Flags(sql::Database& database, std::vector<Flag> always_on, std::function<Time()> now)
    : database_(database), always_on_(std::move(always_on)), now_(std::move(now)) {}

bool Flags::is_always_on(Flag flag) const {
    return std::ranges::find(always_on_, flag) != always_on_.end();
}

Task<bool> Flags::is_on(Flag flag, std::optional<TenantId> tenant) {
    if (is_always_on(flag)) co_return true;
    auto now = now_();
    if (!looked_at_ || now - *looked_at_ >= believed_for) {
        co_await look();
    } else if (now >= next_look_) {
        next_look_ = now + looks_every;
        boost::asio::co_spawn(
            co_await boost::asio::this_coro::executor, look_quietly(), boost::asio::detached
        );
    }
    co_return std::ranges::any_of(known_, [&](const SwitchedFlag& one) {
        return one.flag == flag && one.on && (!one.tenant_id || one.tenant_id == tenant);
    });
}

Task<void> Flags::look() {
    auto before = now_();
    auto tx = database_.begin_engine(sql::Access::read);
    auto found = co_await Repository().list_flags(*tx);
    known_ = std::move(found);
    looked_at_ = before;
    next_look_ = before + looks_every;
}

// Who asks once what is known has grown old is told what went wrong.
Task<void> Flags::look_quietly() {
    try {
        co_await look();
    } catch (...) {
        co_return;
    }
}

}  // namespace afterresume::system
