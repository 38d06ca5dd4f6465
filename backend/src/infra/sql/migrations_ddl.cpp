#include "infra/sql/migrations.h"
#include "infra/sql/sql_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace afterresume::sql {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> types{{
    {"bigint", "INTEGER"},
    {"integer", "INTEGER"},
    {"smallint", "INTEGER"},
    {"boolean", "INTEGER"},
    {"timestamptz", "INTEGER"},
    {"text", "TEXT"},
    {"date", "TEXT"},
    {"uuid", "TEXT"},
    {"jsonb", "TEXT"},
    {"bytea", "BLOB"},
    {"double", "REAL"},
}};

class DdlMapper {
public:
    explicit DdlMapper(std::string_view sql) : sql_(sql), tokens_(sql_tokens(sql)) {}

    std::string run() {
        while (at_ < tokens_.size()) {
            if (word(0) == "create" && word(1) == "table") {
                map_table();
            } else if (word(0) == "alter" && word(1) == "table") {
                map_change();
            }
            skip_statement();
        }
        out_ += sql_.substr(copied_);
        return std::move(out_);
    }

private:
    std::string_view word(std::size_t ahead) const {
        return at_ + ahead < tokens_.size() ? std::string_view(tokens_[at_ + ahead].name)
                                            : std::string_view{};
    }

    void skip_statement() {
        while (at_ < tokens_.size() && word(0) != ";") ++at_;
        ++at_;
    }

    void replace(std::size_t tokens, std::string_view by) {
        out_ += sql_.substr(copied_, tokens_[at_].begin - copied_);
        out_ += by;
        at_ += tokens;
        copied_ = tokens_[at_ - 1].end;
    }

    void map_type() {
        auto found = std::find_if(types.begin(), types.end(), [&](auto& type) {
            return type.first == word(0);
        });
        if (found == types.end())
            throw std::logic_error(fmt::format("SQLite has no counterpart of the type {}", word(0))
            );
        replace(word(0) == "double" ? 2 : 1, found->second);
    }

    // Each item of the list is a column with its type, or a constraint.
    void map_table() {
        while (at_ < tokens_.size() && word(0) != "(") ++at_;
        auto depth = tokens_[std::min(at_, tokens_.size() - 1)].depth;
        do {
            ++at_;
            if (!is_constraint()) {
                ++at_;
                map_type();
            }
            while (at_ < tokens_.size() && tokens_[at_].depth > depth &&
                   !(word(0) == "," && tokens_[at_].depth == depth + 1))
                ++at_;
        } while (word(0) == ",");
        std::size_t end = 1;
        if (word(1) == "partition" && word(2) == "by") {
            while (at_ + end < tokens_.size() && word(end) != ";") ++end;
        }
        if (word(0) != ")" || (word(end) != ";" && at_ + end != tokens_.size())) {
            throw std::logic_error(
                fmt::format("a table's options belong into a file of one database: {}", sql_)
            );
        }
        replace(end, ") STRICT");
    }

    bool is_constraint() const {
        constexpr std::array<std::string_view, 5> words{
            "constraint", "primary", "unique", "check", "foreign"
        };
        return std::find(words.begin(), words.end(), word(0)) != words.end();
    }

    void map_change() {
        while (at_ < tokens_.size() && word(0) != "add" && word(0) != ";") ++at_;
        if (word(0) != "add") return;
        at_ += word(1) == "column" ? 2 : 1;
        if (is_constraint())
            throw std::logic_error(fmt::format("SQLite cannot add a constraint: {}", sql_));
        ++at_;
        map_type();
    }

    std::string_view sql_;
    std::vector<SqlToken> tokens_;
    std::size_t at_ = 0;
    std::size_t copied_ = 0;
    std::string out_;
};

}  // namespace

std::string to_sqlite_ddl(std::string_view sql) { return DdlMapper(sql).run(); }

}  // namespace afterresume::sql
