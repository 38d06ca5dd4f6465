#include "app/upkeep.h"

#include "app/composition.h"
#include "core/scope_mint.h"
#include "engine/jobs/partitions.h"
#include "engine/jobs/retention.h"
#include "features/accounts/refresh_use.h"
#include "workflows/tenant_purge.h"

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

Task<bool> stop_some(Composition& program, sql::Tx& tx, const Scope& scope, UserId of) {
    constexpr std::int64_t most = 500;
    auto stopped = co_await jobs::cancel_all(
        tx, scope.tenant(), of, most, program.cancel_bell, program.clock.now()
    );
    co_return stopped == most;
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
        {"views of shares",
         [&program, before](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.share_links.purge_views(tx, scope, before(), most);
         }},
        {"shares",
         [&program, before](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.share_links.purge(tx, scope, before(), most);
         }},
        {"exports",
         [&program](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return program.exports.purge(tx, scope, most);
         }},
        {"entries",
         [&program](sql::Tx& tx, const Scope& scope, std::int64_t most) {
             return purge_entries(program, tx, scope, most);
         }},
    };
}

workflows::Forget forget(Composition& program) {
    return {
        [&program](sql::Tx& engine, std::int64_t most) {
            return program.accounts.purge_sessions(engine, program.clock.now() - remembered, most);
        },
        [&program](sql::Tx& engine, std::int64_t most) {
            auto before = program.clock.now() - accounts::refresh_grace;
            return program.accounts.empty_successors(engine, before, most);
        },
        [&program](sql::Tx& engine, std::int64_t most) {
            return program.sign_ups.purge(engine, most);
        },
    };
}

Scope scope_of(const tenants::Erasure& one) {
    Identity identity;
    identity.tenant = one.tenant_id;
    identity.user = one.user_id;
    return ScopeMint::mint(identity);
}

// Jobs are stopped once more, so that none which was asked for meanwhile is left.
workflows::TenantPurge::Parts purge_parts(Composition& program) {
    auto stop = [&program](sql::Tx& tx, const Scope& scope, std::int64_t most) {
        return jobs::cancel_all(
            tx, scope.tenant(), scope.user(), most, program.cancel_bell, program.clock.now()
        );
    };
    auto remove = [](sql::Tx& tx, const Scope& scope, std::int64_t most) {
        return jobs::remove_all_of(tx, scope.tenant(), scope.user(), most);
    };
    auto empty = [&program](sql::Tx& tx, const Scope& scope, std::int64_t most) {
        return program.audit.empty(tx, scope, most);
    };
    auto sessions = [&program](sql::Tx& engine, const tenants::Erasure& one, std::int64_t most) {
        return one.is_of_all() ? program.deletion.forget_tenant(engine, one.tenant_id, most)
                               : program.deletion.forget_sessions(engine, one.user_id, most);
    };
    return {*program.database, program.erasures,
            scope_of,          {{"unfinished jobs", stop}, {"jobs", remove}, {"audit", empty}},
            sessions,          program.clock};
}

jobs::JobType maintenance(std::string name) {
    return {
        .name = std::move(name),
        .queue = jobs::QueueName::maintenance,
        .unique = jobs::Unique::while_unfinished
    };
}

// A clean-up that is killed, rescued or tried again sends no tenant a second one; the next night's
// does, and one by hand on the day between.
constexpr std::chrono::hours one_night{6};

jobs::JobType purge_once_a_night() {
    auto type = maintenance("maintenance.purge");
    type.unique = jobs::Unique::within_period;
    type.period.length = one_night;
    return type;
}

}  // namespace

void add_upkeep(Composition& program) {
    program.tenant_deletion.stop_with([&program](sql::Tx& tx, const Scope& scope, UserId of) {
        return stop_some(program, tx, scope, of);
    });
    program.workflows.add(
        maintenance("maintenance.cleanup"),
        std::make_unique<workflows::MaintenanceCleanup>(
            *program.database, program.queue, program.tenants, keep_weeks(program.settings),
            forget(program), std::chrono::days(program.settings.job_retention_days), program.clock
        )
    );
    program.workflows.add(
        purge_once_a_night(), std::make_unique<workflows::MaintenancePurge>(purges(program))
    );
    program.workflows.add(
        maintenance("tenant.purge"), std::make_unique<workflows::TenantPurge>(purge_parts(program))
    );
}

}  // namespace afterresume::app
