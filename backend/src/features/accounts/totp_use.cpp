#include "features/accounts/totp_use.h"

#include "infra/crypto/crypto.h"
#include "infra/crypto/totp.h"

#include <boost/json/value.hpp>

#include <algorithm>

namespace afterresume::accounts {

using single_use::Verdict;
using sql::named;

Task<bool> TotpUse::lock(sql::Tx& tx) {
    static constexpr sql::Statement statement{
        "totp.lock", R"sql(
        SELECT secret, last_step, recovery_hashes, confirmed_at FROM totp WHERE id = :user_id FOR UPDATE)sql"
    };
    state_ = co_await tx.find<Totp>(statement, scope_);
    co_return state_.has_value();
}

std::optional<std::int64_t> TotpUse::step() const {
    auto seconds = std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
    return crypto::totp_step(parts_.open(state_->secret.bytes), code_, seconds, state_->last_step);
}

std::optional<std::size_t> TotpUse::recovery_code() const {
    auto hash = recovery_hash(code_);
    const auto& all = state_->recovery_hashes;
    auto found = std::ranges::find(all, hash);
    if (found == all.end()) return std::nullopt;
    return static_cast<std::size_t>(found - all.begin());
}

Verdict TotpUse::check() const {
    return step() || recovery_code() ? Verdict::fresh : Verdict::spent;
}

Task<bool> TotpUse::consume(sql::Tx& tx) {
    static constexpr sql::Statement take_step{
        "totp.take_step",
        "UPDATE totp SET last_step = :step WHERE id = :user_id AND last_step < :step"
    };
    static constexpr sql::Statement take_code{
        "totp.take_code", "UPDATE totp SET recovery_hashes = :left WHERE id = :user_id"
    };
    if (auto used = step()) {
        auto changed = co_await tx.execute(take_step, scope_, named("step", *used));
        co_return changed == 1;
    }
    auto left = state_->recovery_hashes;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(*recovery_code()));
    auto changed = co_await tx.execute(
        take_code, scope_, named("left", sql::JsonText{describe::to_json(left)})
    );
    co_return changed == 1;
}

Task<void> TotpUse::audit(sql::Tx& tx, Verdict) {
    auto act = step() ? auditing::Act::second_factor_used : auditing::Act::recovery_code_used;
    co_await parts_.audit.record(tx, scope_, origin_, act, auditing::Outcome::success);
}

std::string recovery_hash(std::string code) {
    std::erase_if(code, [](char c) { return c == '-' || c == ' '; });
    for (auto& c : code) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return crypto::hex(crypto::sha256("recovery code\n" + code));
}

}  // namespace afterresume::accounts
