#include "app/upkeep.h"

#include "app/composition.h"
#include "engine/jobs/partitions.h"
#include "workflows/maintenance.h"

namespace afterresume::app {

namespace {

// For who asks what happened to a session or an invitation.
constexpr std::chrono::days remembered{30};

Task<std::int64_t> purge_entries(
    Composition& program, sql::Tx& tx, const Scope& scope, std::int64_t most
) {
    auto entries = co_await program.worklogs.purge(tx, scope, most);
    program.skills.forget_entries(tx, scope, entries);
    co_return static_cast<std::int64_t>(entries.size());
}

// Null on SQLite.
workflows::KeepWeeks keep_weeks(const config::Settings& settings) {
    auto target = config::database_target(settings);
    if (!target.postgres) return {};
    return [url = target.owner_url](Timestamp now, Timestamp before) {
        sql::PostgresSession owner(url);
        jobs::make_partitions(owner, now);
        auto dropped = jobs::drop_partitions(owner, before);
        return workflows::DroppedWeeks{std::move(dropped.weeks), dropped.jobs};
    };
}

std::vector<workflows::Purge> purges(Composition& program) {
    auto before = [&program] { return program.clock.now() - remembered; };
    return {
        {"answers",
         [&program](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.idempotency.purge(tx, scope, most);
         }},
        {"invitations",
         [&program, before](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.invitations.purge(tx, scope, before(), most);
         }},
        {"codes",
         [&program, before](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.codes.purge(tx, scope, before(), most);
         }},
        {"tokens",
         [&program, before](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.tokens.purge(tx, scope, before(), most);
         }},
        {"entries",
         [&program](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return purge_entries(program, tx, scope, most);
         }},
    };
}

jobs::JobType maintenance(std::string name) {
    return {
        .name = std::move(name),
        .queue = jobs::QueueName::maintenance,
        .unique = jobs::Unique::while_unfinished
    };
}

}  // namespace

void add_upkeep(Composition& program) {
    program.workflows.add(
        maintenance("maintenance.cleanup"),
        std::make_unique<workflows::MaintenanceCleanup>(
            *program.database, program.queue, program.tenants, keep_weeks(program.settings),
            [&program](sql::Tx& engine, std::int64_t most) {
                auto before = program.clock.now() - remembered;
                return program.accounts.purge_sessions(engine, before, most);
            },
            std::chrono::days(program.settings.job_retention_days), program.clock
        )
    );
    program.workflows.add(
        maintenance("maintenance.purge"),
        std::make_unique<workflows::MaintenancePurge>(purges(program))
    );
}

}  // namespace afterresume::app
