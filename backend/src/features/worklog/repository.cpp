#include "features/worklog/repository.h"

#include "core/text.h"

namespace afterresume::worklog {

using sql::named;

void Repository::insert(sql::Tx& tx, const Scope& scope, const Entry& entry) {
    static constexpr sql::Statement statement{
        "worklog.insert", R"sql(
        INSERT INTO worklog (id, tenant_id, user_id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes,
                             visibility, source, external_id, skills, version, extracted_version, created_at, updated_at)
        VALUES (:id, :tenant_id, :user_id, :occurred_on, :title, :content, :outcome, :project, :position_id, :tags, :duration_minutes,
                :visibility, :source, :external_id, :skills, :version, 0, :created_at, :updated_at))sql"
    };
    tx.defer(statement, entry, scope);
    index(tx, scope, entry);
}

void Repository::index(sql::Tx& tx, const Scope& scope, const Entry& entry) {
    static constexpr sql::Statement statement{
        "worklog.index", R"sql(
        INSERT INTO worklog_search (id, tenant_id, user_id, words)
        VALUES (:id, :tenant_id, :user_id, array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(:words)))))sql",
        "INSERT INTO worklog_fts (rowid, words) VALUES (:id, :text)", true
    };
    auto words = words_of(entry, scope.user());
    tx.defer(
        statement, scope, named("id", entry.id), named("words", words),
        named("text", fmt::format("{}", fmt::join(words, " ")))
    );
}

Task<std::optional<Entry>> Repository::find(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    static constexpr sql::Statement statement{
        "worklog.get", R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog
        WHERE tenant_id = :tenant_id AND id = :id AND deleted_at IS NULL AND (user_id = :user_id OR visibility = 'tenant'))sql"
    };
    co_return co_await tx.find<Entry>(statement, scope, named("id", id));
}

Task<std::optional<Entry>> Repository::find_for_change(
    sql::Tx& tx, const Scope& scope, Id<Entry> id
) {
    static constexpr sql::Statement statement{
        "worklog.get_for_change", R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND deleted_at IS NULL FOR UPDATE)sql"
    };
    co_return co_await tx.find<Entry>(statement, scope, named("id", id));
}

Task<std::optional<Entry>> Repository::find_deleted(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    static constexpr sql::Statement statement{
        "worklog.get_deleted", R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND deleted_at IS NOT NULL FOR UPDATE)sql"
    };
    co_return co_await tx.find<Entry>(statement, scope, named("id", id));
}

Task<std::optional<Id<Entry>>> Repository::find_external(
    sql::Tx& tx, const Scope& scope, Source source, const std::string& external_id
) {
    static constexpr sql::Statement statement{"worklog.find_external", R"sql(
        SELECT id FROM worklog
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND source = :source AND external_id = :external_id
          AND deleted_at IS NULL)sql"};
    co_return co_await tx.find<Id<Entry>>(
        statement, scope, named("source", source), named("external_id", external_id)
    );
}

void Repository::update(sql::Tx& tx, const Scope& scope, const Entry& entry) {
    static constexpr sql::Statement statement{"worklog.update", R"sql(
        UPDATE worklog SET occurred_on = :occurred_on, title = :title, content = :content, outcome = :outcome, project = :project,
            position_id = :position_id, tags = :tags, duration_minutes = :duration_minutes, visibility = :visibility, version = :version,
            updated_at = :updated_at
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    static constexpr sql::Statement reindex{
        "worklog.reindex", R"sql(
        UPDATE worklog_search SET words = array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(:words)))
        WHERE tenant_id = :tenant_id AND id = :id)sql",
        "UPDATE worklog_fts SET words = :text WHERE rowid = :id", true
    };
    auto words = words_of(entry, scope.user());
    tx.defer(statement, entry, scope);
    tx.defer(
        reindex, scope, named("id", entry.id), named("words", words),
        named("text", fmt::format("{}", fmt::join(words, " ")))
    );
}

void Repository::remove(sql::Tx& tx, const Scope& scope, const Entry& entry, Timestamp now) {
    static constexpr sql::Statement statement{"worklog.remove", R"sql(
        UPDATE worklog SET deleted_at = :now, version = version + 1
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    static constexpr sql::Statement unindex{
        "worklog.unindex", "DELETE FROM worklog_search WHERE tenant_id = :tenant_id AND id = :id",
        "DELETE FROM worklog_fts WHERE rowid = :id", true
    };
    tx.defer(statement, scope, named("id", entry.id), named("now", now));
    tx.defer(unindex, scope, named("id", entry.id));
}

void Repository::restore(sql::Tx& tx, const Scope& scope, const Entry& entry) {
    static constexpr sql::Statement statement{"worklog.restore", R"sql(
        UPDATE worklog SET deleted_at = NULL, version = :version, updated_at = :updated_at
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, entry, scope);
    index(tx, scope, entry);
}

Task<void> Repository::keep_revision(
    sql::Tx& tx, const Scope& scope, const Entry& entry, Timestamp now
) {
    static constexpr sql::Statement statement{"worklog.keep_revision", R"sql(
        INSERT INTO worklog_history (id, tenant_id, user_id, worklog_id, version, entry, changed_at)
        VALUES (:id, :tenant_id, :user_id, :worklog_id, :version, :entry, :now))sql"};
    auto id = co_await tx.new_id<Revision>();
    tx.defer(
        statement, scope, named("id", id), named("worklog_id", entry.id),
        named("version", entry.version), named("entry", entry), named("now", now)
    );
}

Task<std::vector<Revision>> Repository::history(sql::Tx& tx, const Scope& scope, Id<Entry> id) {
    static constexpr sql::Statement statement{
        "worklog.history", R"sql(
        SELECT version, entry, changed_at FROM worklog_history
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND worklog_id = :id ORDER BY version DESC LIMIT 200)sql"
    };
    co_return co_await tx.all<Revision>(statement, scope, named("id", id));
}

Task<std::int64_t> Repository::store_analysis(sql::Tx& tx, const Scope& scope, const Entry& entry) {
    static constexpr sql::Statement statement{
        "worklog.store_analysis", R"sql(
        UPDATE worklog SET analysis = :analysis, position_id = :position_id, project = :project
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id AND version = :version)sql"
    };
    co_return co_await tx.execute(statement, entry, scope);
}

Task<std::vector<Pending>> Repository::pending(sql::Tx& tx, const Scope& scope, std::int64_t most) {
    static constexpr sql::Statement statement{
        "worklog.pending", R"sql(
        SELECT id, occurred_on, title, content, outcome, version, deleted_at IS NOT NULL AS deleted FROM worklog
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND extracted_version <> version ORDER BY id LIMIT :most)sql"
    };
    co_return co_await tx.all<Pending>(statement, scope, named("most", most));
}

void Repository::store_skills(
    sql::Tx& tx, const Scope& scope, Id<Entry> id, std::int64_t version,
    const std::vector<std::string>& skills
) {
    // An entry edited meanwhile stays pending: its version has moved on.
    static constexpr sql::Statement statement{"worklog.store_skills", R"sql(
        UPDATE worklog SET skills = :skills, extracted_version = :version
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND id = :id)sql"};
    tx.defer(statement, scope, named("id", id), named("version", version), named("skills", skills));
}

Task<std::int64_t> Repository::forget_skills(sql::Tx& tx, const Scope& scope) {
    static constexpr sql::Statement statement{
        "worklog.forget_skills", R"sql(
        UPDATE worklog SET extracted_version = 0
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND deleted_at IS NULL AND extracted_version <> 0)sql"
    };
    co_return co_await tx.execute(statement, scope);
}

}  // namespace afterresume::worklog
