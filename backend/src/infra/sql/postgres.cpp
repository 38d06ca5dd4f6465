#include "infra/sql/postgres.h"

#include "infra/sql/postgres_tx.h"

namespace afterresume::sql {

namespace {

constexpr Statement ping_statement{.name = "sql.ping", .text = "SELECT 1"};

Parameters scope_parameters(std::string_view tenant, std::string_view user) {
    Parameters parameters;
    parameters.add_text(tenant);
    parameters.add_text(user);
    return parameters;
}

class PostgresDatabase final : public Database {
public:
    PostgresDatabase(boost::asio::io_context& io, PostgresOptions options)
        : core_(std::make_shared<PostgresCore>(io, std::move(options))) {
        core_->start();
    }
    ~PostgresDatabase() override { core_->close(); }

    std::unique_ptr<Tx> begin(const Scope& scope, Access access) override {
        auto parameters = scope_parameters(
            std::to_string(scope.tenant().value), std::to_string(scope.user().value)
        );
        return begin_on(core_->app(), std::move(parameters), access);
    }
    std::unique_ptr<Tx> begin_anonymous(Access access) override {
        return begin_on(core_->app(), scope_parameters("", ""), access);
    }
    std::unique_ptr<Tx> begin_engine(Access access) override {
        return begin_on(core_->engine(), {}, access);
    }

    Dialect dialect() const override { return Dialect::postgres; }

    Task<void> ping() override {
        auto tx = begin_anonymous(Access::read);
        co_await tx->one<std::int64_t>(ping_statement);
    }

    Task<void> close() override {
        auto core = core_;
        auto begin = [core](std::function<void(bool)> quiet) {
            core->when_quiet(std::move(quiet));
        };
        co_await called_back<bool>(std::move(begin));
        core->close();
    }

private:
    std::unique_ptr<Tx> begin_on(PostgresLane& lane, Parameters scope, Access access) {
        if (core_->closing()) throw away();
        return std::make_unique<PostgresTx>(core_, lane, std::move(scope), access);
    }

    std::shared_ptr<PostgresCore> core_;
};

// libpq takes almost anything for a database's name; only a URL is one here.
void must_be_url(const std::string& url) {
    char* complaint = nullptr;
    auto* parsed = PQconninfoParse(url.c_str(), &complaint);
    PQconninfoFree(parsed);
    PQfreemem(complaint);
    bool is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if (parsed && is_url) return;
    throw Error(
        ErrorKind::invalid, "sql.url",
        "The database URL cannot be read; it begins with postgres://."
    );
}

}  // namespace

std::unique_ptr<Database> open_postgres(boost::asio::io_context& io, PostgresOptions options) {
    must_be_url(options.url);
    return std::make_unique<PostgresDatabase>(io, std::move(options));
}

}  // namespace afterresume::sql
