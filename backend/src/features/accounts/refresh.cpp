// The part of SignIn that keeps people signed in: sessions and the rotation of their refresh
// tokens.
#include "features/accounts/sign_in.h"
#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

namespace {

constexpr auto session_lifetime = std::chrono::days(30);
constexpr auto grace = std::chrono::seconds(10);

Error not_signed_in() {
    return Error(ErrorKind::unauthenticated, "accounts.not_signed_in", "Sign in to do this.");
}

std::string sealing_key(const std::string& token) {
    return crypto::subkey(token, "refresh successor");
}

}  // namespace

Task<Grant> SignIn::open_session(
    std::unique_ptr<sql::Tx> tx, Identity identity, Account account, auditing::Origin origin
) {
    auto now = parts_.clock.now();
    Session session;
    session.id = co_await tx->new_id<Session>();
    session.user_agent = origin.user_agent.substr(0, 300);
    session.address = origin.address;
    session.created_at = session.last_used_at = now;
    session.expires_at = now + session_lifetime;
    identity.session = session.id.value;
    identity.time_zone = account.time_zone;
    auto scope = ScopeMint::mint(identity);
    Grant grant;
    grant.refresh_token = crypto::random_token();
    auto token_id = co_await tx->new_id<Grant>();
    parts_.accounts.insert_session(*tx, scope, session);
    parts_.accounts.insert_token(
        *tx, scope, session.id, token_id.value, crypto::sha256(grant.refresh_token),
        crypto::sha256(origin.user_agent), now
    );
    parts_.accounts.touch_login(*tx, account.id, now);
    grant.body = co_await body(*tx, scope, std::move(account), session.version);
    co_await tx->commit();
    co_return grant;
}

Task<Grant> SignIn::refresh(std::string token, auditing::Origin origin, Uuid correlation) {
    auto anonymous = parts_.database.begin_anonymous(sql::Access::read);
    auto owner = co_await parts_.accounts.find_token_owner(*anonymous, crypto::sha256(token));
    if (!owner) throw not_signed_in();
    Identity identity;
    identity.tenant = owner->tenant_id;
    identity.user = owner->user_id;
    identity.session = owner->session_id.value;
    identity.cause.correlation = correlation;
    auto provisional = ScopeMint::mint(identity);
    auto now = parts_.clock.now();
    auto tx = parts_.database.begin(provisional, sql::Access::write);
    auto state = co_await parts_.accounts.lock_token(*tx, provisional, *owner);
    if (!state || state->ended_at || state->expires_at <= now) throw not_signed_in();
    auto in_grace = state->rotated_at && now - *state->rotated_at <= grace;
    auto same_client = state->agent_hash.bytes == crypto::sha256(origin.user_agent);
    if (state->rotated_at && in_grace && state->is_grandparent) throw not_signed_in();
    if (state->rotated_at && !(in_grace && same_client)) {
        co_await parts_.accounts.end_session(*tx, provisional, owner->session_id, now);
        co_await parts_.audit.record(
            *tx, provisional, origin, auditing::Act::refresh_reuse, auditing::Outcome::failure
        );
        co_await tx->commit();
        parts_.guard.forget(owner->session_id);
        throw not_signed_in();
    }
    auto role = co_await parts_.tenants.find_role(*tx, provisional);
    if (!role) throw not_signed_in();
    identity.role = *role;
    co_return co_await rotate(
        std::move(tx), ScopeMint::mint(identity), *owner, std::move(*state), std::move(token)
    );
}

Task<Grant> SignIn::rotate(
    std::unique_ptr<sql::Tx> tx, Scope scope, TokenOwner token, TokenState state, std::string secret
) {
    auto account = co_await parts_.accounts.find(*tx, scope.user());
    if (!account) throw not_signed_in();
    Grant grant;
    if (state.rotated_at) {
        auto successor = crypto::open(
            sealing_key(secret), state.successor ? state.successor->bytes : std::string(),
            "successor"
        );
        if (!successor) throw not_signed_in();
        grant.refresh_token = *successor;
    } else {
        auto now = parts_.clock.now();
        grant.refresh_token = crypto::random_token();
        auto id = co_await tx->new_id<Grant>();
        parts_.accounts.insert_token(
            *tx, scope, token.session_id, id.value, crypto::sha256(grant.refresh_token),
            state.agent_hash.bytes, now
        );
        parts_.accounts.rotate(
            *tx, scope, token, crypto::seal(sealing_key(secret), grant.refresh_token, "successor"),
            now
        );
    }
    grant.body = co_await body(*tx, scope, std::move(*account), state.version);
    co_await tx->commit();
    co_return grant;
}

}  // namespace afterresume::accounts
