// The lists of the work log: newest first, by whatever is asked for.
#include "core/text.h"
#include "features/worklog/repository.h"

namespace afterresume::worklog {

using sql::named;

namespace {

// Words as PostgreSQL's tsquery and FTS5's MATCH take them: quoted, all of them wanted.
std::string quoted(const std::vector<std::string>& words, char quote, std::string_view between) {
    std::string out;
    for (const auto& word : words) {
        if (!out.empty()) out += between;
        out += quote;
        for (char c : word) {
            if (c == quote || c == '\\') out += c;
            out += c;
        }
        out += quote;
    }
    return out;
}

// What both databases' indexes are asked; nothing without a query.
struct Search {
    std::vector<std::string> words;
    std::optional<std::string> tsquery;
    std::optional<std::string> match;
};
BOOST_DESCRIBE_STRUCT(Search, (), (tsquery, match))

Search search_of(const std::optional<std::string>& query, UserId owner) {
    if (!query) return {};
    Search search{search_words(*query), {}, {}};
    auto wanted = search.words;
    wanted.push_back(owner_word(owner));
    search.tsquery = quoted(wanted, '\'', " & ");
    search.match = quoted(wanted, '"', " AND ");
    return search;
}

// `rows` are one more than a page when another follows.
Repository::ListPage highlighted(
    std::vector<ListedEntry> rows, std::int64_t page_size, const std::vector<std::string>& words
) {
    Repository::ListPage page;
    if (static_cast<std::int64_t>(rows.size()) > page_size) {
        rows.pop_back();
        page.last = Place{rows.back().occurred_on, rows.back().id.value};
    }
    for (auto& row : rows) row.highlights = highlights(row.content, words);
    page.items.text = describe::to_json(rows);
    return page;
}

}  // namespace

Task<Repository::ListPage> Repository::list(
    sql::Tx& tx, const Scope& scope, const ListEntries& query, const Place& place
) {
    static constexpr sql::Statement statement{"worklog.list", R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND deleted_at IS NULL AND (occurred_on, id) < (:occurred_on, :id)
        ORDER BY occurred_on DESC, id DESC LIMIT :limit)sql"};
    if (!query.plain()) co_return co_await filtered(tx, scope, query, place);
    co_return co_await tx.page<ListedEntry, Place>(query.page_size, statement, scope, place);
}

Task<Repository::ListPage> Repository::filtered(
    sql::Tx& tx, const Scope& scope, const ListEntries& query, const Place& place
) {
    static constexpr sql::Statement statement{
        "worklog.list_filtered", R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog
        WHERE tenant_id = :tenant_id AND deleted_at IS NULL AND (occurred_on, id) < (:occurred_on, :id)
          AND CASE WHEN :show = 'shared' THEN visibility = 'tenant' AND user_id <> :user_id ELSE user_id = :user_id END
          AND (CAST(:from AS date) IS NULL OR occurred_on >= :from) AND (CAST(:to AS date) IS NULL OR occurred_on <= :to)
          AND (CAST(:tag AS text) IS NULL OR tags @> jsonb_build_array(CAST(:tag AS text)))
          AND (CAST(:skill AS text) IS NULL OR skills @> jsonb_build_array(CAST(:skill AS text)))
          AND (CAST(:project AS text) IS NULL OR project = :project)
          AND (CAST(:position_id AS bigint) IS NULL OR position_id = :position_id)
          AND (CAST(:source AS text) IS NULL OR source = :source)
          AND (CAST(:tsquery AS tsquery) IS NULL OR id IN (SELECT s.id FROM search_worklog(CAST(:tsquery AS tsquery)) s))
        ORDER BY occurred_on DESC, id DESC LIMIT :limit)sql",
        R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog
        WHERE tenant_id = :tenant_id AND deleted_at IS NULL AND (occurred_on, id) < (:occurred_on, :id)
          AND CASE WHEN :show = 'shared' THEN visibility = 'tenant' AND user_id <> :user_id ELSE user_id = :user_id END
          AND (:from IS NULL OR occurred_on >= :from) AND (:to IS NULL OR occurred_on <= :to)
          AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
          AND (:skill IS NULL OR EXISTS (SELECT 1 FROM json_each(skills) WHERE value = :skill))
          AND (:project IS NULL OR project = :project)
          AND (:position_id IS NULL OR position_id = :position_id)
          AND (:source IS NULL OR source = :source)
          AND (:match IS NULL OR id IN (SELECT rowid FROM worklog_fts WHERE worklog_fts MATCH :match))
        ORDER BY occurred_on DESC, id DESC LIMIT :limit)sql"
    };
    auto search = search_of(query.q, scope.user());
    auto show = query.show.value_or(Shown::mine);
    auto asked = sql::arguments(query, scope, place, search, named("show", show));
    if (search.words.empty())
        co_return co_await tx.page<ListedEntry, Place>(query.page_size, statement, asked);
    auto rows = co_await tx.all<ListedEntry>(statement, asked, named("limit", query.page_size + 1));
    co_return highlighted(std::move(rows), query.page_size, search.words);
}

Task<std::vector<Day>> Repository::days(
    sql::Tx& tx, const Scope& scope, LocalDate from, LocalDate to
) {
    static constexpr sql::Statement statement{"worklog.days", R"sql(
        SELECT occurred_on AS date, COUNT(*) AS entries FROM worklog
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND deleted_at IS NULL AND occurred_on BETWEEN :from AND :to
        GROUP BY occurred_on ORDER BY occurred_on)sql"};
    co_return co_await tx.all<Day>(statement, scope, named("from", from), named("to", to));
}

Task<std::vector<Entry>> Repository::between(
    sql::Tx& tx, const Scope& scope, LocalDate from, LocalDate to, std::int64_t most
) {
    static constexpr sql::Statement statement{"worklog.between", R"sql(
        SELECT id, occurred_on, title, content, outcome, project, position_id, tags, duration_minutes, visibility, source, external_id,
               analysis, skills, version, created_at, updated_at
        FROM worklog
        WHERE tenant_id = :tenant_id AND user_id = :user_id AND deleted_at IS NULL AND occurred_on BETWEEN :from AND :to
        ORDER BY occurred_on DESC, id DESC LIMIT :most)sql"};
    co_return co_await tx.all<Entry>(
        statement, scope, named("from", from), named("to", to), named("most", most)
    );
}

}  // namespace afterresume::worklog
