#include "infra/sql/postgres_core.h"

#include <boost/asio/post.hpp>

namespace afterresume::sql {

namespace asio = boost::asio;

namespace {

constexpr std::size_t statement_limit = 500;
constexpr std::size_t engine_pipelined = 1;

constexpr Statement begin_statement{.name = "sql.begin", .text = "BEGIN"};
constexpr Statement commit_statement{.name = "sql.commit", .text = "COMMIT"};
constexpr Statement rollback_statement{.name = "sql.rollback", .text = "ROLLBACK"};
constexpr Statement relax_statement{
    .name = "sql.relax", .text = "SELECT set_config('synchronous_commit', 'off', true)"
};
// Writes to the log whatever happens, so that its commit waits for the disk.
constexpr Statement barrier_statement{
    .name = "sql.barrier", .text = "SELECT pg_logical_emit_message(true, '', '')"
};
constexpr Statement ids_statement{
    .name = "sql.ids",
    .text =
        "SELECT nextval('entity_id') AS first, seqincrement AS size FROM pg_sequence, "
        "generate_series(1, $1::int) "
        "WHERE seqrelid = 'entity_id'::regclass"
};

std::string select_settings(const std::vector<std::string>& settings) {
    return settings.empty() ? std::string() : fmt::format("SELECT {}", fmt::join(settings, ", "));
}

}  // namespace

void PostgresLane::start() {
    commits->start();
    pipeline->start();
}

void PostgresLane::close() {
    pipeline->close();
    commits->close();
    pool->close();
}

PostgresCore::PostgresCore(asio::io_context& io, PostgresOptions options)
    : io_(io),
      options_(std::make_shared<const PostgresOptions>(std::move(options))),
      statements_(statement_limit) {
    begin = statements_.get(begin_statement);
    commit = statements_.get(commit_statement);
    rollback = statements_.get(rollback_statement);
    relax = statements_.get(relax_statement);
    barrier = statements_.get(barrier_statement);
    app_ = lane(
        options_->app, options_->pipelined_connections, options_->exclusive_connections,
        {"set_config('app.tenant_id', $1, true)", "set_config('app.user_id', $2, true)"}
    );
    engine_ = lane(options_->engine, engine_pipelined, options_->engine_connections, {});
    ids_ = std::make_shared<PostgresIds>(app_.pipeline, statements_.get(ids_statement));
}

// Behind a proxy that shares sessions nothing can be set at their start, so each transaction sets
// its timeouts.
PostgresLane PostgresCore::lane(
    const PostgresLogin& login, std::size_t pipelined, std::size_t exclusive,
    std::vector<std::string> settings
) {
    if (!options_->prepare) {
        settings.emplace_back("set_config('jit', 'off', true)");
        auto add = [&](std::string_view name, std::chrono::milliseconds time) {
            settings.push_back(fmt::format("set_config('{}', '{}', true)", name, time.count()));
        };
        add("lock_timeout", options_->lock_timeout);
        add("statement_timeout", options_->statement_timeout);
        add("idle_in_transaction_session_timeout", options_->idle_in_transaction_timeout);
    }
    auto parsed = [&](const std::string& text) {
        return text.empty() ? nullptr
                            : statements_.get(Statement{.name = "sql.scope", .text = text});
    };
    PostgresLane lane;
    lane.scope.durable = parsed(select_settings(settings));
    settings.push_back("set_config('synchronous_commit', 'off', true)");
    lane.scope.relaxed = parsed(select_settings(settings));
    lane.pipeline = std::make_shared<PostgresPipeline>(io_, options_, login, pipelined);
    lane.reads = std::make_shared<PostgresReads>(io_, lane.pipeline, lane.scope.durable);
    lane.commits =
        std::make_shared<PostgresCommits>(io_, options_, lane.pipeline, lane.scope, barrier);
    lane.pool = std::make_shared<PostgresPool>(io_, options_, login, exclusive, rollback);
    return lane;
}

void PostgresCore::start() {
    for (auto* lane : {&app_, &engine_}) {
        lane->pool->on_change([weak = weak_from_this()] {
            if (auto self = weak.lock()) self->look_for_quiet();
        });
        lane->start();
    }
}

Command PostgresCore::command(const Statement& statement, const Arguments& arguments) {
    Command command;
    command.statement = statements_.get(statement);
    for (const auto& name : command.statement->parameters)
        command.parameters.add(arguments.get(name));
    return command;
}

void PostgresCore::ended() {
    --transactions_;
    look_for_quiet();
}

void PostgresCore::when_quiet(std::function<void(bool)> quiet) {
    closing_ = true;
    quiet_.push_back(std::move(quiet));
    look_for_quiet();
}

bool PostgresCore::is_quiet() const {
    return transactions_ == 0 && app_.pool->taken() == 0 && engine_.pool->taken() == 0;
}

void PostgresCore::look_for_quiet() {
    if (quiet_.empty() || !is_quiet()) return;
    for (auto& quiet : std::exchange(quiet_, {}))
        asio::post(io_, [quiet = std::move(quiet)] { quiet(true); });
}

void PostgresCore::close() {
    closing_ = true;
    app_.close();
    engine_.close();
}

}  // namespace afterresume::sql
