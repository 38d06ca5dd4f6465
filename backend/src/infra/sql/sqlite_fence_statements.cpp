// Which statements the fence lets through.
#include "infra/sql/sqlite_error.h"
#include "infra/sql/sqlite_fence.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

namespace afterresume::sql {

namespace {

std::string_view view(const char* text) {
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

}  // namespace

void SqliteFence::find_written(const std::string& target) {
    written_.clear();
    std::vector<std::string> left;
    if (!target.empty()) left.push_back(target);
    while (!left.empty()) {
        auto table = std::move(left.back());
        left.pop_back();
        auto [begin, end] = neighbours_.equal_range(table);
        if (!written_.insert(std::move(table)).second) continue;
        for (auto it = begin; it != end; ++it) left.push_back(it->second);
    }
}

sqlite3_stmt* SqliteFence::prepare(std::string_view name, std::string_view text) {
    auto fenced = fenced_text(text, names_);
    find_written(fenced.target);
    reads_index_ = reads_view_ = false;
    connect_virtual_tables(fenced.text);
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    checking_ = true;
    auto code = sqlite3_prepare_v3(
        connection_, fenced.text.data(), static_cast<int>(fenced.text.size()),
        SQLITE_PREPARE_PERSISTENT, &statement, &rest
    );
    checking_ = false;
    if (code == SQLITE_AUTH) {
        throw std::logic_error(
            fmt::format("statement {} goes round the fence: {}", name, sqlite3_errmsg(connection_))
        );
    }
    if (code != SQLITE_OK)
        throw sqlite_error(connection_, sqlite3_extended_errcode(connection_), name);

    auto end = view(rest).find_first_not_of(" \t\r\n;");
    auto several = rest != fenced.text.data() + fenced.text.size() && end != std::string_view::npos;
    if (statement == nullptr || several || (reads_index_ && !reads_view_)) {
        sqlite3_finalize(statement);
        throw std::logic_error(fmt::format(
            "statement {} {}", name,
            several ? "is more than one" : "reads a full-text index alone, or says nothing"
        ));
    }
    return statement;
}

int SqliteFence::authorize(
    void* fence, int action, const char* a, const char* b, const char* schema, const char* inside
) {
    auto& self = *static_cast<SqliteFence*>(fence);
    if (!self.checking_) return SQLITE_OK;
    return self.allows(action, view(a), view(b), view(schema), view(inside)) ? SQLITE_OK
                                                                             : SQLITE_DENY;
}

bool SqliteFence::allows(
    int action, std::string_view a, std::string_view b, std::string_view schema,
    std::string_view inside
) {
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_RECURSIVE:
            return true;
        case SQLITE_FUNCTION:
            return b != "load_extension";
        case SQLITE_READ:
            return allows_read(a, schema, inside);
        case SQLITE_INSERT:
        case SQLITE_UPDATE:
        case SQLITE_DELETE:
            return allows_write(a, inside);
        default:
            return false;
    }
}

bool SqliteFence::allows_read(
    std::string_view table, std::string_view schema, std::string_view inside
) {
    if (table.starts_with("sqlite_") || table.starts_with("pragma_")) return false;
    if (schema == "temp") return true;
    if (inside.empty() && table.ends_with("_fts") && !written_.contains(table)) reads_index_ = true;
    if (!names_.fenced_tables.contains(table)) return true;
    if (inside == table && tenant_tables_.contains(table)) reads_view_ = true;
    return !inside.empty() || written_.contains(table);
}

bool SqliteFence::allows_write(std::string_view table, std::string_view inside) const {
    if (table.starts_with("sqlite_") || table == "schema_migration") return false;
    return written_.contains(table) || !inside.empty();
}

}  // namespace afterresume::sql
