// One use of a second factor: a step of the one-time passwords, or a recovery code. Each counts
// once.
#pragma once

#include "features/accounts/repository.h"
#include "features/auditing/service.h"
#include "infra/single_use/single_use.h"

namespace afterresume::accounts {

// The second factor of a person, as it is kept.
struct Totp {
    sql::Blob secret;
    std::int64_t last_step = 0;
    std::vector<std::string> recovery_hashes;
    std::optional<Timestamp> confirmed_at;
};
BOOST_DESCRIBE_STRUCT(Totp, (), (secret, last_step, recovery_hashes, confirmed_at))

// What its secret is bound to where it is sealed.
inline std::string totp_context(UserId user) { return "totp of " + std::to_string(user.value); }

class TotpUse final : public single_use::Use {
public:
    // `open` gives the secret of what is sealed.
    using Open = std::function<std::string(const std::string& sealed)>;
    struct Parts {
        auditing::Service& audit;
        Open open;
    };
    TotpUse(
        Parts parts, const Scope& scope, const std::string& code, const auditing::Origin& origin,
        Timestamp now
    )
        : parts_(std::move(parts)), scope_(scope), code_(code), origin_(origin), now_(now) {}

    Task<bool> lock(sql::Tx& tx) override;
    single_use::Verdict check() const override;
    Task<bool> consume(sql::Tx& tx) override;
    Task<void> audit(sql::Tx& tx, single_use::Verdict verdict) override;

    bool confirmed() const { return state_ && state_->confirmed_at; }

private:
    std::optional<std::int64_t> step() const;
    std::optional<std::size_t> recovery_code() const;

    Parts parts_;
    const Scope& scope_;
    const std::string& code_;
    const auditing::Origin& origin_;
    Timestamp now_;
    std::optional<Totp> state_;
};

// Of a recovery code, as people type it: without the dash, in lower case.
std::string recovery_hash(std::string code);

}  // namespace afterresume::accounts
