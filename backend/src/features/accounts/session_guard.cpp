#include "features/accounts/session_guard.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <unordered_set>

namespace afterresume::accounts {

namespace {

constexpr auto believed_for = std::chrono::milliseconds(1000);
constexpr auto looks_every = std::chrono::milliseconds(400);
constexpr std::size_t most_known = 100'000;

}  // namespace

// The sessions of one look-up, and who waits for it: the timer never fires, it is cancelled.
struct SessionGuard::Batch {
    explicit Batch(const boost::asio::any_io_executor& executor)
        : done(executor, boost::asio::steady_timer::time_point::max()) {}

    std::vector<SessionPlace> places;
    std::vector<LiveSession> live;
    boost::asio::steady_timer done;
    bool finished = false;
    std::exception_ptr failure;
};

SessionGuard::SessionGuard(sql::Database& database, Repository& accounts, std::function<Time()> now)
    : database_(database), accounts_(accounts), now_(std::move(now)) {}
SessionGuard::~SessionGuard() = default;

bool SessionGuard::believed(const Known& known, Time now) const {
    auto confirmed = known.session && looked_at_ > known.looked_before ? looked_at_ : known.read_at;
    return now - confirmed < believed_for;
}

const SessionGuard::Known* SessionGuard::find_known(SessionPlace place) const {
    auto all = known_.find(place.session_id);
    if (all == known_.end()) return nullptr;
    auto one = std::ranges::find(all->second, place.tenant, &Known::tenant);
    return one == all->second.end() ? nullptr : &*one;
}

void SessionGuard::keep(SessionPlace place, Known known) {
    auto& all = known_[place.session_id];
    std::erase_if(all, [&](const Known& former) { return former.tenant == place.tenant; });
    all.push_back(std::move(known));
}

Task<std::optional<LiveSession>> SessionGuard::find(Id<Session> id, TenantId tenant) {
    auto now = now_();
    if (now >= next_look_) {
        next_look_ = now + looks_every;
        boost::asio::co_spawn(
            co_await boost::asio::this_coro::executor, look_for_changes(), boost::asio::detached
        );
    }
    const auto* known = find_known({id, tenant});
    if (known != nullptr && believed(*known, now)) co_return known->session;
    auto executor = co_await boost::asio::this_coro::executor;
    if (!gathering_) gathering_ = std::make_shared<Batch>(executor);
    auto batch = gathering_;
    batch->places.push_back({id, tenant});
    if (!reading_) {
        reading_ = true;
        boost::asio::co_spawn(executor, read_batches(), boost::asio::detached);
    }
    if (!batch->finished) {
        boost::system::error_code cancelled;
        co_await batch->done.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, cancelled)
        );
    }
    if (batch->failure) std::rethrow_exception(batch->failure);
    for (const auto& session : batch->live) {
        if (session.session_id == id && session.tenant == tenant) co_return session;
    }
    co_return std::nullopt;
}

// Changes are told for two minutes, each time anew: so one that was committed late, or that a
// look-up under way did not see yet, is met by the next look. A look that fails confirms nothing;
// what is known grows old then.
Task<void> SessionGuard::look_for_changes() {
    auto before = now_();
    try {
        auto tx = database_.begin_anonymous(sql::Access::read);
        forget_changed(co_await accounts_.session_changes(*tx));
        looked_at_ = before;
    } catch (...) {
        // Who needs the database now says so by itself.
    }
}

void SessionGuard::forget_changed(const std::vector<SessionChange>& changes) {
    if (changes.empty()) return;
    std::unordered_set<UserId> users;
    std::unordered_set<TenantId> tenants;
    for (const auto& change : changes) {
        if (change.session_id) known_.erase(*change.session_id);
        if (change.user_id) users.insert(*change.user_id);
        if (change.of_tenant) tenants.insert(*change.of_tenant);
    }
    if (users.empty() && tenants.empty()) return;
    auto is_changed = [&](const Known& known) {
        const auto& session = known.session;
        return !session || users.contains(session->user_id) || tenants.contains(session->tenant);
    };
    std::erase_if(known_, [&](const auto& pair) {
        return std::ranges::any_of(pair.second, is_changed);
    });
}

Task<void> SessionGuard::read_batches() {
    while (gathering_) {
        auto batch = std::exchange(gathering_, nullptr);
        co_await read(*batch);
    }
    reading_ = false;
}

Task<void> SessionGuard::read(Batch& batch) {
    auto before = now_();
    try {
        auto tx = database_.begin_anonymous(sql::Access::read);
        batch.live = co_await accounts_.live_sessions(*tx, batch.places);
        if (known_.size() > most_known) known_.clear();
        for (auto place : batch.places)
            keep(place, Known{place.tenant, std::nullopt, before, looked_at_});
        for (const auto& session : batch.live)
            keep(
                {session.session_id, session.tenant},
                Known{session.tenant, session, before, looked_at_}
            );
    } catch (...) {
        batch.failure = std::current_exception();
    }
    batch.finished = true;
    batch.done.cancel();
}

}  // namespace afterresume::accounts
