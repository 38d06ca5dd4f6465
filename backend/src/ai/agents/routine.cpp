#include "ai/agents/routine.h"

#include "ai/agents/text.h"

#include <algorithm>
#include <initializer_list>

namespace afterresume::agents {

namespace {

bool has_version(const std::vector<Token>& all) {
    return std::any_of(all.begin(), all.end(), [](const Token& token) {
        if (token.kind == TokenKind::reference && token.text[0] >= '0' && token.text[0] <= '9')
            return true;
        auto dots = std::count(token.text.begin(), token.text.end(), '.');
        auto first = token.text.starts_with("v") ? token.text.substr(1) : token.text;
        return dots >= 1 && !first.empty() && first[0] >= '0' && first[0] <= '9';
    });
}

// The message as the rules below look at it.
struct Message {
    explicit Message(const Subject& subject) : type(subject.type), scope(fold(subject.scope)) {
        auto all = tokens(subject.text);
        for (const auto& token : all) {
            if (token.kind == TokenKind::word || token.kind == TokenKind::identifier)
                words.push_back(fold(token.text));
        }
        versioned = has_version(all);
    }

    bool opens_with(std::initializer_list<std::string_view> any) const {
        return !words.empty() && is_one_of(words[0], any);
    }
    bool has(std::initializer_list<std::string_view> any) const {
        return std::any_of(words.begin(), words.end(), [&](const auto& word) {
            return is_one_of(word, any);
        });
    }

    std::string type;
    std::string scope;
    std::vector<std::string> words;
    bool versioned = false;
};

bool renews_dependencies(const Message& it) {
    if (it.type == "deps" || is_one_of(it.scope, {"deps", "dependencies", "deps-dev"})) return true;
    bool renews = it.opens_with(
        {"update", "updated", "updates", "bump", "bumped", "bumps", "upgrade", "upgraded", "pin",
         "lock"}
    );
    if (!renews || it.words.size() > 8) return false;
    return it.versioned || (it.words.size() <= 3 && it.type == "build") ||
           it.has(
               {"dependencies", "dependency", "deps", "digest", "lockfile", "package.json",
                "package-lock.json", "pnpm-lock.yaml", "go.sum", "npm", "uv.lock"}
           );
}

bool releases(const Message& it) {
    return it.scope == "release" || (it.words.size() <= 1 && it.versioned) ||
           (it.versioned && it.words.size() <= 3 &&
            it.has({"release", "releases", "version", "prepare", "bump", "tag"}));
}

bool keeps_changelog(const Message& it) {
    const auto& words = it.words;
    bool change_log =
        words.size() >= 2 && words.size() <= 4 && words[0] == "change" && words[1] == "log";
    bool release_notes = words.size() >= 2 && words[0] == "release" && words[1] == "notes";
    return change_log || release_notes || it.has({"changelog", "changelogs"});
}

bool formats(const Message& it) {
    if (it.type == "style" && it.words.size() <= 3) return true;
    bool corrects = it.opens_with(
        {"fix", "fixes", "fixed", "correct", "run", "apply", "minor", "some", "small", "lint",
         "format"}
    );
    bool kept = is_one_of(it.type, {"fix", "style", "chore"});
    return it.words.size() <= 5 &&
           (corrects || (kept && it.words.size() <= 2) || it.words.size() == 1) &&
           it.has(
               {"typo", "typos", "whitespace", "lint", "linter", "linting", "prettier", "eslint",
                "spelling", "indentation", "formatting", "gofmt", "nits", "nit"}
           );
}

bool reviews(const Message& it) {
    bool merges =
        it.opens_with({"merge"}) && it.has({"branch", "pull", "remote-tracking", "main", "master"});
    return merges || (it.words.size() <= 6 && it.opens_with({"apply", "address"}) &&
                      it.has({"suggestion", "suggestions", "review", "comments", "feedback"}));
}

}  // namespace

Routine routine_of(const Subject& subject) {
    Message message(subject);
    if (renews_dependencies(message)) return Routine::dependencies;
    if (releases(message)) return Routine::release;
    if (keeps_changelog(message)) return Routine::changelog;
    if (formats(message)) return Routine::formatting;
    if (reviews(message)) return Routine::review;
    return Routine::none;
}

}  // namespace afterresume::agents
