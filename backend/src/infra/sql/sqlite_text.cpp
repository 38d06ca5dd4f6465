#include "infra/sql/sqlite_text.h"

#include "infra/sql/sql_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace afterresume::sql {

namespace {

bool is_verb(std::string_view word) {
    constexpr std::array<std::string_view, 6> verbs{"select",  "values", "insert",
                                                    "replace", "update", "delete"};
    return std::find(verbs.begin(), verbs.end(), word) != verbs.end();
}

class Rewriter {
public:
    Rewriter(std::string_view statement, const FencedNames& names)
        : statement_(statement), names_(names), tokens_(sql_tokens(statement)) {}

    SqliteText run() {
        refuse_ways_round();
        find_target();
        write();
        return std::move(out_);
    }

private:
    const std::string& name(std::size_t at) const {
        static const std::string none;
        return at < tokens_.size() ? tokens_[at].name : none;
    }

    [[noreturn]] void refuse(std::string_view why) const {
        throw std::logic_error(fmt::format("a statement {}: {}", why, statement_));
    }

    void refuse_ways_round() const {
        for (std::size_t at = 0; at < tokens_.size(); ++at) {
            auto schema = name(at) == "main" || name(at) == "temp";
            if (schema && name(at + 1) == ".") refuse("names a schema");
            if (names_.hidden_tables.contains(name(at)))
                refuse("names the inside of a full-text index");
        }
    }

    // Only the outermost statement can write, after its common table expressions.
    void find_target() {
        std::size_t verb = 0;
        if (name(0) == "with") {
            while (verb < tokens_.size() && (tokens_[verb].depth != 0 || !is_verb(name(verb))))
                ++verb;
        }
        if (!is_verb(name(verb))) refuse("neither reads nor changes rows");
        if (name(verb) == "select" || name(verb) == "values") return;

        auto at = verb + 1;
        auto replaces = name(verb) == "replace";
        if (name(at) == "or") {
            replaces = name(at + 1) == "replace";
            at += 2;
        }
        if (name(at) == "into" || name(at) == "from") ++at;
        if (at >= tokens_.size()) return;
        out_.target = name(at);
        if (!names_.fenced_tables.contains(out_.target)) return;
        if (replaces) refuse("replaces rows; use ON CONFLICT");
        target_ = at;
    }

    // The number of tokens of a row lock at `at`, 0 if none begins there.
    std::size_t lock_length(std::size_t at) const {
        if (name(at) != "for") return 0;
        auto begin = at++;
        if (name(at) == "no") ++at;
        if (name(at) == "key") ++at;
        if (name(at) != "update" && name(at) != "share") return 0;
        ++at;
        if (name(at) == "of") {
            do at += 2;
            while (name(at) == ",");
        }
        if (name(at) == "skip") return at + 2 - begin;
        return (name(at) == "nowait" ? at + 1 : at) - begin;
    }

    void write() {
        std::size_t copied = 0;
        for (std::size_t at = 0; at < tokens_.size(); ++at) {
            if (at == target_) {
                out_.text += statement_.substr(copied, tokens_[at].begin - copied);
                out_.text += "main.";
                copied = tokens_[at].begin;
            } else if (auto length = lock_length(at)) {
                out_.text += statement_.substr(copied, tokens_[at].begin - copied);
                at += length - 1;
                copied = tokens_[std::min(at, tokens_.size() - 1)].end;
            }
        }
        out_.text += statement_.substr(copied);
    }

    std::string_view statement_;
    const FencedNames& names_;
    std::vector<SqlToken> tokens_;
    std::size_t target_ = static_cast<std::size_t>(-1);
    SqliteText out_;
};

}  // namespace

SqliteText fenced_text(std::string_view statement, const FencedNames& names) {
    return Rewriter(statement, names).run();
}

std::string unless_emptied(const std::vector<std::vector<std::string>>& columns) {
    bool has_mark = false;
    std::string out = "WHEN NOT (OLD.purged_at IS NULL AND NEW.purged_at IS NOT NULL";
    for (const auto& column : columns) {
        const auto& name = column.front();
        has_mark = has_mark || name == "purged_at";
        if (name == "purged_at") continue;
        out +=
            fmt::format(" AND (NEW.\"{0}\" IS OLD.\"{0}\" OR NEW.\"{0}\" IN ('', '{{}}'))", name);
    }
    return has_mark ? out + ")" : std::string();
}

}  // namespace afterresume::sql
