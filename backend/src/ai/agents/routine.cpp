#include "ai/agents/routine.h"

#include "ai/agents/text.h"

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

bool has(const std::vector<std::string>& words, std::initializer_list<std::string_view> any) {
    return std::any_of(words.begin(), words.end(), [&](const auto& word) {
        return std::find(any.begin(), any.end(), word) != any.end();
    });
}

bool opens_with(
    const std::vector<std::string>& words, std::initializer_list<std::string_view> any
) {
    return !words.empty() && std::find(any.begin(), any.end(), words[0]) != any.end();
}

bool has_version(const std::vector<Token>& all) {
    return std::any_of(all.begin(), all.end(), [](const Token& token) {
        if (token.kind == TokenKind::reference && token.text[0] >= '0' && token.text[0] <= '9')
            return true;
        auto dots = std::count(token.text.begin(), token.text.end(), '.');
        auto first = token.text.starts_with("v") ? token.text.substr(1) : token.text;
        return dots >= 1 && !first.empty() && first[0] >= '0' && first[0] <= '9';
    });
}

}  // namespace

Routine routine_of(const Subject& subject) {
    auto all = tokens(subject.text);
    std::vector<std::string> words;
    for (const auto& token : all) {
        if (token.kind == TokenKind::word || token.kind == TokenKind::identifier)
            words.push_back(fold(token.text));
    }
    auto scope = fold(subject.scope);
    bool version = has_version(all);
    if (subject.type == "deps" || scope == "deps" || scope == "dependencies" || scope == "deps-dev")
        return Routine::dependencies;
    bool renews = opens_with(
        words, {"update", "updated", "updates", "bump", "bumped", "bumps", "upgrade", "upgraded",
                "pin", "lock"}
    );
    if (renews && words.size() <= 8 &&
        has(words, {"dependencies", "dependency", "deps", "digest", "lockfile", "package.json",
                    "package-lock.json", "pnpm-lock.yaml", "go.sum", "npm", "uv.lock"}))
        return Routine::dependencies;
    if (renews && version && words.size() <= 8) return Routine::dependencies;
    if (renews && words.size() <= 3 && subject.type == "build") return Routine::dependencies;
    if (scope == "release" ||
        (version && words.size() <= 3 &&
         has(words, {"release", "releases", "version", "prepare", "bump", "tag"})))
        return Routine::release;
    if (words.size() <= 1 && version) return Routine::release;
    if (has(words, {"changelog", "changelogs"}) ||
        (words.size() >= 2 && words.size() <= 4 && words[0] == "change" && words[1] == "log"))
        return Routine::changelog;
    if (words.size() >= 2 && words[0] == "release" && words[1] == "notes")
        return Routine::changelog;
    if (subject.type == "style" && words.size() <= 3) return Routine::formatting;
    bool corrects = opens_with(
        words, {"fix", "fixes", "fixed", "correct", "run", "apply", "minor", "some", "small",
                "lint", "format"}
    );
    bool kept = subject.type == "fix" || subject.type == "style" || subject.type == "chore";
    if (words.size() <= 5 && (corrects || (kept && words.size() <= 2) || words.size() == 1) &&
        has(words, {"typo", "typos", "whitespace", "lint", "linter", "linting", "prettier",
                    "eslint", "spelling", "indentation", "formatting", "gofmt", "nits", "nit"})) {
        return Routine::formatting;
    }
    if (opens_with(words, {"merge"}) &&
        has(words, {"branch", "pull", "remote-tracking", "main", "master"}))
        return Routine::review;
    if (words.size() <= 6 && opens_with(words, {"apply", "address"}) &&
        has(words, {"suggestion", "suggestions", "review", "comments", "feedback"}))
        return Routine::review;
    return Routine::none;
}

}  // namespace afterresume::agents
