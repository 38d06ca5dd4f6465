#include "ai/agents/subject.h"

#include "ai/agents/text.h"
#include "ai/agents/verbs.h"
#include "core/text.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

constexpr auto types = std::to_array<std::pair<std::string_view, WorkCategory>>({
    {"feat", WorkCategory::feature},
    {"feature", WorkCategory::feature},
    {"fix", WorkCategory::fix},
    {"bugfix", WorkCategory::fix},
    {"hotfix", WorkCategory::fix},
    {"perf", WorkCategory::performance},
    {"docs", WorkCategory::documentation},
    {"doc", WorkCategory::documentation},
    {"test", WorkCategory::test},
    {"tests", WorkCategory::test},
    {"refactor", WorkCategory::refactoring},
    {"refac", WorkCategory::refactoring},
    {"style", WorkCategory::maintenance},
    {"chore", WorkCategory::maintenance},
    {"build", WorkCategory::operations},
    {"ci", WorkCategory::operations},
    {"revert", WorkCategory::maintenance},
    {"security", WorkCategory::security},
    {"deps", WorkCategory::maintenance},
    {"ops", WorkCategory::operations},
});

bool is_issue_word(std::string_view word) {
    while (!word.empty() &&
           std::string_view("#()[],.:;").find(word.front()) != std::string_view::npos)
        word.remove_prefix(1);
    while (!word.empty() && std::string_view("()[],.:;").find(word.back()) != std::string_view::npos
    )
        word.remove_suffix(1);
    if (word.empty()) return true;
    if (std::all_of(word.begin(), word.end(), is_ascii_digit)) return true;
    auto hyphen = word.find('-');
    auto hash = word.find('#');
    if (hash != std::string_view::npos && hash + 1 < word.size())
        return std::all_of(
            word.begin() + static_cast<std::ptrdiff_t>(hash) + 1, word.end(), is_ascii_digit
        );
    return hyphen != std::string_view::npos && hyphen > 1 && hyphen + 1 < word.size() &&
           is_all_upper(word.substr(0, hyphen)) &&
           std::all_of(
               word.begin() + static_cast<std::ptrdiff_t>(hyphen) + 1, word.end(), is_ascii_digit
           );
}

bool is_status_word(std::string_view word) {
    static constexpr auto known = std::to_array<std::string_view>(
        {"done", "start", "started", "blocked", "wip", "todo", "til", "til:", "log:", "update:"}
    );
    auto folded = fold(word);
    bool task = folded.size() > 1 && folded.size() < 5 && word[0] == 'T' &&
                std::all_of(folded.begin() + 1, folded.end(), is_ascii_digit);
    return task || std::find(known.begin(), known.end(), folded) != known.end();
}

// "[#478]", "[2026-05-29T08:35]", "(2026-03-01)", "ABC-12:", "T01 DONE -", bullets.
std::string_view without_lead(std::string_view text) {
    for (bool again = true; again && !text.empty();) {
        again = false;
        text = trim(text);
        if (text.empty()) break;
        if (text[0] == '[' || text[0] == '(') {
            auto close = text.find(text[0] == '[' ? ']' : ')');
            if (close != std::string_view::npos && close + 1 < text.size()) {
                text.remove_prefix(close + 1);
                again = true;
                continue;
            }
        }
        if (std::string_view("-*:>").find(text[0]) != std::string_view::npos && text.size() > 1) {
            text.remove_prefix(1);
            again = true;
            continue;
        }
        auto word = text.substr(0, text.find(' '));
        bool date = tokens(word).size() == 1 && tokens(word)[0].kind == TokenKind::reference &&
                    is_ascii_digit(word[0]);
        bool ticket =
            word.size() > 2 && is_issue_word(word) &&
            (word.back() == ':' || word[0] == '#' || word.find('-') != std::string_view::npos);
        if (word.size() < text.size() && (date || ticket || is_status_word(word))) {
            text.remove_prefix(word.size());
            again = true;
        }
    }
    return text;
}

// "renderer: add …" and "Firebase stub: added …" name the area first; "Fix CIFuzz: …" does not.
bool is_area(std::string_view head, std::string_view message) {
    if (head.find('(') != std::string_view::npos || find_verb(head.substr(0, head.find(' '))))
        return false;
    if (head.find(' ') == std::string_view::npos) return tokens(head).size() <= 3;
    return std::count(head.begin(), head.end(), ' ') <= 2 &&
           find_verb(message.substr(0, message.find(' '))).has_value();
}

// "type(scope)!: message" or "area: message".
void take_prefix(std::string_view& text, Subject& out) {
    auto colon = text.find(": ");
    if (colon == std::string_view::npos || colon > 90 || colon == 0) return;
    auto head = text.substr(0, colon);
    if (head.back() == '!') head.remove_suffix(1);
    auto open = head.find('(');
    auto name = fold(trim(head.substr(0, open)));
    auto known = std::find_if(types.begin(), types.end(), [&](const auto& row) {
                     return row.first == name;
                 }) != types.end();
    bool scoped = open != std::string_view::npos && !head.empty() && head.back() == ')';
    if (known) {
        out.type = name;
        if (scoped) out.scope = std::string(head.substr(open + 1, head.size() - open - 2));
    } else if (is_area(trim(head), trim(text.substr(colon + 2)))) {
        out.scope = std::string(trim(head));
    } else {
        return;
    }
    text = trim(text.substr(colon + 2));
}

// What is left hanging once the id behind it is gone: "closes", "for issue".
bool leads_to_id(std::string_view folded) {
    static constexpr auto known =
        std::to_array<std::string_view>({"ref",     "refs",   "closes",   "close", "fixes",  "fix",
                                         "closing", "see",    "resolves", "issue", "issues", "bug",
                                         "pr",      "ticket", "for",      "of",    "from",   "in",
                                         "with",    "via",    "and"});
    return std::find(known.begin(), known.end(), folded) != known.end();
}

std::string without_tail(std::string_view text) {
    bool cited = false;
    for (bool again = true; again;) {
        again = false;
        text = trim(text);
        while (!text.empty() &&
               std::string_view(".;,:-").find(text.back()) != std::string_view::npos &&
               !text.ends_with("..."))
            text.remove_suffix(1);
        text = trim(text);
        auto space = text.find_last_of(' ');
        auto word = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
        if (!word.empty() &&
            (word.find('#') != std::string_view::npos || word.find('-') != std::string_view::npos
            ) &&
            is_issue_word(word)) {
            text = text.substr(0, space);
            again = cited = true;
            continue;
        }
        auto folded = fold(word);
        if (cited && leads_to_id(folded)) {
            text = text.substr(0, space);
            again = true;
        } else if (text.ends_with(']') && text.rfind('[') != std::string_view::npos &&
                   text.rfind('[') > 0) {
            // "[skip ci]", "[rust]": labels for machines.
            text = text.substr(0, text.rfind('['));
            again = true;
        }
    }
    return std::string(text);
}

// " #1576" in the middle says nothing to a reader.
std::string without_issue_ids(const std::string& text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        auto space = std::min(text.find(' ', at), text.size());
        auto word = std::string_view(text).substr(at, space - at);
        if (!(word.find('#') != std::string_view::npos && word.size() > 1 && is_issue_word(word))) {
            if (!out.empty()) out += ' ';
            out += word;
        }
        at = space + 1;
    }
    return out;
}

}  // namespace

Subject parse_subject(std::string_view line) {
    Subject out;
    auto text = without_lead(line);
    take_prefix(text, out);
    // "fix(api): ABC-12: message" and "fix: fix: message" carry a second prefix.
    text = without_lead(text);
    Subject inner;
    take_prefix(text, inner);
    if (out.type.empty()) out.type = inner.type;
    if (out.scope.empty()) out.scope = inner.scope;
    out.text = without_issue_ids(without_tail(text));
    return out;
}

std::optional<WorkCategory> category_of_type(std::string_view type) {
    auto found = std::find_if(types.begin(), types.end(), [&](const auto& row) {
        return row.first == type;
    });
    if (found == types.end()) return std::nullopt;
    return found->second;
}

}  // namespace afterresume::agents
