#include "features/accounts/refresh_use.h"

#include "infra/crypto/crypto.h"

#include <boost/json/value.hpp>

namespace afterresume::accounts {

using single_use::Verdict;

namespace {

constexpr std::string_view sealed_for = "successor";

std::string sealing_key(const std::string& token) {
    return crypto::subkey(token, "refresh successor");
}

}  // namespace

Task<bool> RefreshUse::lock(sql::Tx& tx) {
    state_ = co_await parts_.accounts.lock_token(tx, owner_);
    co_return state_.has_value();
}

Verdict RefreshUse::check() const {
    if (state_->ended_at || state_->expires_at <= now_) return Verdict::spent;
    if (!state_->rotated_at) return Verdict::fresh;
    auto age = now_ - *state_->rotated_at;
    // A clock that was set back does not tell a lost answer from a theft: nobody gets a token by
    // it, and nobody loses one.
    if (age < -refresh_grace) return Verdict::spent;
    auto in_grace = age <= refresh_grace;
    if (in_grace && state_->is_grandparent) return Verdict::spent;
    auto same_client = state_->agent_hash.bytes == crypto::sha256(origin_.user_agent);
    return in_grace && same_client ? Verdict::repeated : Verdict::abused;
}

Task<bool> RefreshUse::consume(sql::Tx& tx) {
    made_ = crypto::random_token();
    co_return co_await parts_.accounts.rotate(
        tx, scope_, owner_, crypto::seal(sealing_key(secret_), made_, sealed_for), now_
    );
}

Task<void> RefreshUse::succeed(sql::Tx& tx) {
    auto id = co_await tx.new_id<TokenState>();
    NewToken token{
        id, owner_.session_id, sql::Blob{crypto::sha256(made_)}, state_->agent_hash, owner_.token_id
    };
    parts_.accounts.insert_token(tx, scope_, token, now_);
}

Task<void> RefreshUse::punish(sql::Tx& tx) {
    parts_.accounts.end_session(tx, scope_, owner_.session_id, now_);
    co_return;
}

Task<void> RefreshUse::audit(sql::Tx& tx, Verdict verdict) {
    auto fresh = verdict == Verdict::fresh;
    co_await parts_.audit.record(
        tx, scope_, origin_, fresh ? auditing::Act::refresh : auditing::Act::refresh_reuse,
        fresh ? auditing::Outcome::success : auditing::Outcome::failure
    );
}

std::optional<std::string> RefreshUse::successor() const {
    if (!made_.empty()) return made_;
    if (!state_->successor) return std::nullopt;
    return crypto::open(sealing_key(secret_), state_->successor->bytes, sealed_for);
}

}  // namespace afterresume::accounts
