#include "features/tenants/erasure.h"

#include <array>

namespace afterresume::tenants {

using sql::named;

namespace {

enum class Holds { what_people_have, what_tenants_have };

struct Table {
    Holds holds;
    sql::Statement remove;
    // On SQLite, before it: the full-text index of the same rows, which has no foreign key.
    sql::Statement index = {};
};

// Jobs go by the engine's own statements (jobs::remove_all_of). What stays: auth_event, emptied,
// with its seals and what waits for one; operator_act, which tells of operators.
constexpr std::array tables_of_all{
    Table{
        Holds::what_people_have,
        {"erase.worklog_history", R"sql(
        DELETE FROM worklog_history WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM worklog_history WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.worklog", R"sql(
        DELETE FROM worklog WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM worklog WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) ORDER BY id LIMIT :most))sql"
        },
        {"erase.worklog_fts", R"sql(
        DELETE FROM worklog_fts WHERE rowid IN (
            SELECT id FROM worklog WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) ORDER BY id LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.skill_evidence", R"sql(
        DELETE FROM skill_evidence WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM skill_evidence WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{Holds::what_people_have, {"erase.skill_merges", R"sql(
        UPDATE skill SET merged_into = NULL WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM skill WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) AND merged_into IS NOT NULL
            LIMIT :most))sql"}},
    Table{
        Holds::what_people_have,
        {"erase.skill", R"sql(
        DELETE FROM skill WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM skill WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.share_view", R"sql(
        DELETE FROM share_view WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM share_view WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.share_link", R"sql(
        DELETE FROM share_link WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM share_link WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.report", R"sql(
        DELETE FROM report WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM report WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.profile_item", R"sql(
        DELETE FROM profile_item WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM profile_item WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.profile_basics", R"sql(
        DELETE FROM profile_basics WHERE tenant_id = :tenant_id AND user_id IN (
            SELECT user_id FROM profile_basics WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.schedule_run", R"sql(
        DELETE FROM schedule_run WHERE tenant_id = :tenant_id AND (schedule_id, slot) IN (
            SELECT r.schedule_id, r.slot FROM schedule_run r LEFT JOIN schedule s ON s.id = r.schedule_id
            WHERE r.tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), s.user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.schedule", R"sql(
        DELETE FROM schedule WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM schedule WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.job_key", R"sql(
        DELETE FROM job_key WHERE tenant_id = :tenant_id AND (type, unique_key) IN (
            SELECT type, unique_key FROM job_key WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.system_event", R"sql(
        DELETE FROM system_event WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM system_event WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.idempotency_key", R"sql(
        DELETE FROM idempotency_key WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM idempotency_key WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.one_time_code", R"sql(
        DELETE FROM one_time_code WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM one_time_code WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{
        Holds::what_people_have,
        {"erase.personal_token", R"sql(
        DELETE FROM personal_token WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM personal_token WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{Holds::what_people_have, {"erase.invited_address", R"sql(
        UPDATE invitation SET email_folded = NULL
        WHERE tenant_id = :tenant_id AND redeemer_id = :user_id AND email_folded IS NOT NULL)sql"}},
    Table{Holds::what_tenants_have, {"erase.invitation", R"sql(
        DELETE FROM invitation WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM invitation WHERE tenant_id = :tenant_id LIMIT :most))sql"}},
    Table{Holds::what_people_have, {"erase.tenant_export_chunk", R"sql(
        DELETE FROM tenant_export_chunk WHERE tenant_id = :tenant_id AND (export_id, number) IN (
            SELECT c.export_id, c.number FROM tenant_export_chunk c LEFT JOIN tenant_export e ON e.id = c.export_id
            WHERE c.tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), e.user_id)
            LIMIT CAST(:most AS bigint) / 50))sql"}},
    Table{
        Holds::what_people_have,
        {"erase.tenant_export", R"sql(
        DELETE FROM tenant_export WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM tenant_export WHERE tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), user_id) LIMIT :most))sql"
        }
    },
    Table{Holds::what_tenants_have, {"erase.membership", R"sql(
        DELETE FROM membership WHERE tenant_id = :tenant_id AND id IN (
            SELECT id FROM membership WHERE tenant_id = :tenant_id LIMIT :most))sql"}},
    Table{
        Holds::what_tenants_have,
        {"erase.quota_use", "DELETE FROM quota_use WHERE tenant_id = :tenant_id"}
    },
    Table{
        Holds::what_tenants_have,
        {"erase.tenant_limits", "DELETE FROM tenant_limits WHERE tenant_id = :tenant_id"}
    },
    Table{
        Holds::what_tenants_have,
        {"erase.tenant_queue", "DELETE FROM tenant_queue WHERE tenant_id = :tenant_id"}
    },
    Table{
        Holds::what_tenants_have,
        {"erase.tenant_share", "DELETE FROM tenant_share WHERE tenant_id = :tenant_id"}
    },
    Table{
        Holds::what_tenants_have,
        {"erase.feature_flag", "DELETE FROM feature_flag WHERE tenant_id = :tenant_id"}
    },
    Table{
        Holds::what_tenants_have,
        {"erase.break_glass", "DELETE FROM break_glass WHERE tenant_id = :tenant_id"}
    },
};

}  // namespace

Task<void> Erasures::plan(sql::Tx& tx, const Scope& scope, UserId of, Timestamp due_at) {
    static constexpr sql::Statement statement{"erasures.plan", R"sql(
        INSERT INTO erasure (id, tenant_id, user_id, due_at, created_at)
        VALUES (:id, :tenant_id, :of, :due_at, :now)
        ON CONFLICT (tenant_id, user_id) DO UPDATE SET due_at = excluded.due_at)sql"};
    auto id = co_await tx.new_id<Erasure>();
    tx.defer(
        statement, scope, named("id", id), named("of", of), named("due_at", due_at),
        named("now", clock_.now())
    );
}

void Erasures::withdraw(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "erasures.withdraw", "DELETE FROM erasure WHERE tenant_id = :tenant_id AND user_id = 0"
    };
    tx.defer(statement, scope);
}

Task<std::vector<Erasure>> Erasures::list_due(
    sql::Tx& engine, Id<Erasure> after, std::int64_t most
) {
    static constexpr sql::Statement statement{"erasures.due", R"sql(
        SELECT e.id, e.tenant_id, e.user_id FROM erasure e
        WHERE e.due_at <= :now AND e.id > :after
          AND (e.user_id <> 0 OR NOT EXISTS (
              SELECT 1 FROM erasure p WHERE p.tenant_id = e.tenant_id AND p.user_id <> 0))
        ORDER BY e.id LIMIT :most)sql"};
    return engine.all<Erasure>(
        statement, named("now", clock_.now()), named("after", after), named("most", most)
    );
}

Task<bool> Erasures::begin(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement lock{
        "erasures.lock", "SELECT id FROM tenant WHERE id = :tenant_id FOR NO KEY UPDATE"
    };
    // A statement of its own, which sees what whoever held the lock has left.
    static constexpr sql::Statement close{"erasures.close", R"sql(
        UPDATE tenant SET status = 'suspended', version = version + 1
        WHERE id = :tenant_id AND EXISTS (
            SELECT 1 FROM erasure e WHERE e.tenant_id = :tenant_id AND e.user_id = 0))sql"};
    if (scope.user() != UserId{0}) co_return true;
    tx.defer(lock, scope);
    co_return co_await tx.execute(close, scope) == 1;
}

std::size_t Erasures::tables() { return tables_of_all.size(); }

Task<std::int64_t> Erasures::remove(
    sql::Tx& tx, const Scope& scope, std::size_t table, std::int64_t most
) {
    const auto& one = tables_of_all.at(table);
    if (one.holds == Holds::what_tenants_have && scope.user() != UserId{0}) co_return 0;
    if (!one.index.name.empty() && tx.dialect() == sql::Dialect::sqlite)
        tx.defer(one.index, scope, named("most", most));
    co_return co_await tx.execute(one.remove, scope, named("most", most));
}

Task<bool> Erasures::has_to_wait(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{"erasures.running", R"sql(
        SELECT count(*) FROM job_hot hot JOIN job ON job.id = hot.id
        WHERE job.tenant_id = :tenant_id AND :user_id IN (CAST(0 AS bigint), job.user_id))sql"};
    if (co_await tx.one<std::int64_t>(statement, scope) > 0) co_return true;
    co_return co_await audit_.count_full(tx, scope) > 0;
}

Task<void> Erasures::end(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement forget{
        "erasures.end", "DELETE FROM erasure WHERE tenant_id = :tenant_id AND user_id = :user_id"
    };
    static constexpr sql::Statement remove_tenant{
        "erase.tenant", "DELETE FROM tenant WHERE id = :tenant_id"
    };
    tx.defer(forget, scope);
    if (scope.user() != UserId{0}) co_return;
    tx.defer(remove_tenant, scope);
    co_await audit_.record(tx, scope, {}, auditing::Act::tenant_purged, auditing::Outcome::success);
}

}  // namespace afterresume::tenants
