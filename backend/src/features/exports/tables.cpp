#include "features/exports/tables.h"

#include "features/exports/rows_of_documents.h"
#include "features/exports/rows_of_people.h"
#include "features/exports/rows_of_work.h"

#include <array>

namespace afterresume::exports {

namespace {

struct ById {
    std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(ById, (), (id))

struct ByUser {
    std::int64_t user_id = 0;
};
BOOST_DESCRIBE_STRUCT(ByUser, (), (user_id))

std::int64_t number_of(const ById& key) { return key.id; }
std::int64_t number_of(const ByUser& key) { return key.user_id; }

template <class Row, class Key>
Task<Rows> rows_of(
    sql::Tx& tx, const Scope& scope, const sql::Statement& statement, std::int64_t after,
    std::int64_t most
) {
    auto page = co_await tx.page<Row, Key>(most, statement, scope, sql::named("after", after));
    Rows rows{std::move(page.items.text), std::nullopt};
    if (page.last) rows.last = number_of(*page.last);
    co_return rows;
}

constexpr sql::Statement of_tenant{"exports.tenant", R"sql(
    SELECT id, name, slug, status, created_at, updated_at FROM tenant
    WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_membership{"exports.membership", R"sql(
    SELECT m.id, m.user_id, u.display_name, u.email, m.role, m.status, m.share_percent, m.created_at, m.updated_at
    FROM membership m JOIN app_user u ON u.id = m.user_id
    WHERE m.tenant_id = :tenant_id AND m.id > :after ORDER BY m.id LIMIT :limit)sql"};

constexpr sql::Statement of_invitation{"exports.invitation", R"sql(
    SELECT id, email_folded, role, maker_id, created_at, expires_at, redeemed_at, redeemer_id FROM invitation
    WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_profile_basics{"exports.profile_basics", R"sql(
    SELECT user_id, data, extra, version, created_at, updated_at FROM profile_basics
    WHERE tenant_id = :tenant_id AND user_id > :after ORDER BY user_id LIMIT :limit)sql"};

constexpr sql::Statement of_profile_item{"exports.profile_item", R"sql(
    SELECT id, user_id, section, position, data, version, created_at, updated_at FROM profile_item
    WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_worklog{"exports.worklog", R"sql(
    SELECT id, user_id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility,
           source, external_id, analysis, skills, version, extracted_version, created_at, updated_at, deleted_at
    FROM worklog WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_worklog_history{"exports.worklog_history", R"sql(
    SELECT id, user_id, worklog_id, version, entry, changed_at FROM worklog_history
    WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_skill{"exports.skill", R"sql(
    SELECT id, user_id, slug, name, category, aliases, known, touched, hidden, pinned, merged_into, level, why,
           first_seen, last_seen, evidence_count, version, created_at, updated_at
    FROM skill WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_skill_evidence{"exports.skill_evidence", R"sql(
    SELECT id, user_id, skill_id, entry_id, field, start_at, end_at, quote, confidence, method, outcome, occurred_on
    FROM skill_evidence WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_report{"exports.report", R"sql(
    SELECT id, user_id, kind, window_from, window_to, title, own_title, content, theme, status, generator, chain_id,
           number, supersedes, superseded, version, created_at, updated_at, deleted_at
    FROM report WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_share_link{"exports.share_link", R"sql(
    SELECT id, user_id, name, report_id, pinned, contacts, most_views, views, created_at, expires_at, revoked_at
    FROM share_link WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

constexpr sql::Statement of_schedule{"exports.schedule", R"sql(
    SELECT id, user_id, name, job_type, cron, time_zone, enabled, missed, overlap, created_at, updated_at FROM schedule
    WHERE tenant_id = :tenant_id AND id > :after ORDER BY id LIMIT :limit)sql"};

template <class Row, const sql::Statement& statement, class Key = ById>
Task<Rows> read(sql::Tx& tx, const Scope& scope, std::int64_t after, std::int64_t most) {
    return rows_of<Row, Key>(tx, scope, statement, after, most);
}

constexpr auto exported = std::to_array<ExportedTable>({
    {"tenant", &read<TenantRow, of_tenant>},
    {"membership", &read<MemberRow, of_membership>},
    {"invitation", &read<InvitationRow, of_invitation>},
    {"profile_basics", &read<BasicsRow, of_profile_basics, ByUser>},
    {"profile_item", &read<ItemRow, of_profile_item>},
    {"worklog", &read<EntryRow, of_worklog>},
    {"worklog_history", &read<HistoryRow, of_worklog_history>},
    {"skill", &read<SkillRow, of_skill>},
    {"skill_evidence", &read<EvidenceRow, of_skill_evidence>},
    {"report", &read<ReportRow, of_report>},
    {"share_link", &read<ShareRow, of_share_link>},
    {"schedule", &read<ScheduleRow, of_schedule>},
});

constexpr auto not_exported = std::to_array<std::string_view>({
    // Secrets, and what stands for them.
    "personal_token",
    "one_time_code",
    "idempotency_key",
    // The trail, which has an address of its own.
    "auth_event",
    "audit_seal",
    "audit_pending",
    "operator_act",
    "break_glass",
    // The engine's.
    "job",
    "job_hot",
    "job_edge",
    "job_unresolved",
    "job_event",
    "job_step",
    "job_key",
    "schedule_run",
    "tenant_queue",
    "tenant_share",
    // The program's.
    "system_event",
    "worklog_search",
    "share_view",
    "quota_use",
    "tenant_limits",
    "feature_flag",
    "erasure",
    // Exports themselves.
    "tenant_export",
    "tenant_export_chunk",
});

}  // namespace

std::span<const ExportedTable> exported_tables() { return exported; }

std::span<const std::string_view> tables_not_exported() { return not_exported; }

}  // namespace afterresume::exports
