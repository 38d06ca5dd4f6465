#include "features/accounts/codes.h"

#include "infra/crypto/crypto.h"

namespace afterresume::accounts {

using single_use::Verdict;
using sql::named;

namespace {

// What its use is recorded as is up to who uses it.
class CodeUse final : public single_use::Use {
public:
    CodeUse(const Scope& scope, CodeOwner owner, Purpose purpose, Timestamp now)
        : scope_(scope), owner_(owner), purpose_(purpose), now_(now) {}

    Task<bool> lock(sql::Tx& tx) override {
        static constexpr sql::Statement statement{
            "codes.lock", R"sql(
            SELECT purpose, expires_at, used_at FROM one_time_code
            WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :code_id
              AND sign_in_epoch = (SELECT u.sign_in_epoch FROM app_user u WHERE u.id = :user_id) FOR UPDATE)sql"
        };
        state_ = co_await tx.find<CodeState>(statement, scope_, named("code_id", owner_.code_id));
        co_return state_.has_value();
    }
    Verdict check() const override {
        auto usable = !state_->used_at && state_->expires_at > now_ && state_->purpose == purpose_;
        return usable ? Verdict::fresh : Verdict::spent;
    }
    Task<bool> consume(sql::Tx& tx) override {
        static constexpr sql::Statement statement{"codes.use", R"sql(
            UPDATE one_time_code SET used_at = :now
            WHERE tenant_id = :tenant_id AND id = :code_id AND used_at IS NULL)sql"};
        co_return co_await tx.execute(
            statement, scope_, named("code_id", owner_.code_id), named("now", now_)
        ) == 1;
    }
    Task<void> audit(sql::Tx&, Verdict) override { co_return; }

private:
    const Scope& scope_;
    CodeOwner owner_;
    Purpose purpose_;
    Timestamp now_;
    std::optional<CodeState> state_;
};

}  // namespace

Error code_not_usable() {
    return Error(
        ErrorKind::gone, "accounts.code_not_usable",
        "This link has been used or has expired; ask for a new one."
    );
}

Task<std::string> Codes::make(
    sql::Tx& tx, const Scope& scope, Purpose purpose, std::chrono::minutes lifetime
) {
    static constexpr sql::Statement withdraw{
        "codes.withdraw", R"sql(
        UPDATE one_time_code SET used_at = :now
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND purpose = :purpose AND used_at IS NULL)sql"
    };
    static constexpr sql::Statement statement{
        "codes.insert", R"sql(
        INSERT INTO one_time_code (id, tenant_id, user_id, purpose, code_hash, sign_in_epoch, created_at, expires_at)
        VALUES (:id, :tenant_id, :user_id, :purpose, :code_hash,
                (SELECT u.sign_in_epoch FROM app_user u WHERE u.id = :user_id), :now, :expires_at))sql"
    };
    auto now = clock_.now();
    auto code = crypto::random_token();
    auto id = co_await tx.new_id<CodeState>();
    tx.defer(withdraw, scope, named("purpose", purpose), named("now", now));
    tx.defer(
        statement, scope, named("id", id), named("purpose", purpose),
        named("code_hash", sql::Blob{crypto::sha256(code)}), named("now", now),
        named("expires_at", now + lifetime)
    );
    co_return code;
}

Task<std::optional<CodeOwner>> Codes::find_owner(
    sql::Tx& anonymous, const std::string& code, Purpose purpose
) {
    static constexpr sql::Statement statement{
        "codes.lookup",
        R"sql(
        SELECT code_id, user_id, tenant_id FROM lookup_code(:code_hash, :now) WHERE purpose = :purpose)sql",
        R"sql(
        SELECT code_id, user_id, tenant_id FROM lookup_code
        WHERE code_hash = :code_hash AND expires_at > :now AND purpose = :purpose)sql"
    };
    co_return co_await anonymous.find<CodeOwner>(
        statement, named("code_hash", sql::Blob{crypto::sha256(code)}), named("now", clock_.now()),
        named("purpose", purpose)
    );
}

Task<void> Codes::use(sql::Tx& tx, const Scope& scope, CodeOwner owner, Purpose purpose) {
    CodeUse use(scope, owner, purpose, clock_.now());
    auto verdict = co_await single_use::once(tx, use);
    if (verdict != Verdict::fresh) throw code_not_usable();
}

Task<std::int64_t> Codes::purge(
    sql::Tx& tx, const Scope& scope, Timestamp before, std::int64_t most
) {
    static constexpr sql::Statement statement{
        "codes.purge", R"sql(
        DELETE FROM one_time_code WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM one_time_code WHERE tenant_id = :tenant_id AND expires_at < :before LIMIT :most))sql"
    };
    return tx.execute(statement, scope, named("before", before), named("most", most));
}

}  // namespace afterresume::accounts
