#include "features/reporting/provenance.h"

#include "core/text.h"
#include "features/reporting/resume_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace afterresume::reporting {

namespace {

constexpr std::size_t longest_quote = 300;

using Words = std::set<std::string, std::less<>>;

bool in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c & 0x80) != 0;
}

// Letter case aside; good enough to find a passage, and quick.
Words words_in(std::string_view text) {
    Words words;
    std::string word;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at < text.size() && in_word(text[at])) {
            word +=
                text[at] >= 'A' && text[at] <= 'Z' ? static_cast<char>(text[at] + 32) : text[at];
        } else if (!word.empty()) {
            if (word.size() > 2 || (word[0] >= '0' && word[0] <= '9')) words.insert(word);
            word.clear();
        }
    }
    return words;
}

std::vector<std::string_view> passages(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        auto ends = at == text.size() || text[at] == '\n';
        auto stops = !ends && (text[at] == '.' || text[at] == '!' || text[at] == '?') &&
                     at + 1 < text.size() && text[at + 1] == ' ';
        if (!ends && !stops) continue;
        auto piece = trim(text.substr(begin, at - begin + (stops ? 1 : 0)));
        if (!piece.empty()) out.push_back(piece);
        begin = at + 1;
    }
    return out;
}

void add(std::string& text, const std::optional<std::string>& line) {
    if (line && !line->empty()) text += *line + '\n';
}

std::string said_by(const worklog::Entry& entry) {
    std::string text;
    add(text, entry.title);
    add(text, entry.content);
    add(text, entry.outcome);
    return text;
}

std::string said_by(const profile::Position& position) {
    auto text = fmt::format("{}, {}", position.position.value_or(""), position.name.value_or(""));
    if (position.start_date)
        text += fmt::format(
            ", {} – {}", position.start_date->text(),
            position.end_date ? position.end_date->text() : ""
        );
    text += '\n';
    add(text, position.summary);
    for (const auto& highlight : position.highlights) add(text, highlight);
    return text;
}

std::string said_by(const profile::Project& project) {
    std::string text;
    add(text, project.name);
    add(text, project.description);
    for (const auto& highlight : project.highlights) add(text, highlight);
    return text;
}

std::string said_by(const profile::Basics& basics) {
    std::string text;
    add(text, basics.name);
    add(text, basics.label);
    add(text, basics.summary);
    return text;
}

template <class T>
std::optional<std::string> said_in(const std::vector<profile::Item<T>>& items, std::int64_t id) {
    auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) {
        return item.id.value == id;
    });
    return found == items.end() ? std::nullopt : std::optional(said_by(*found));
}

Proof proof_of(const Evidence& evidence, const Sources& sources, std::string_view line) {
    Proof proof{evidence.kind, evidence.id, "/api/profile/", std::nullopt, std::nullopt};
    std::optional<std::string> text;
    auto id = evidence.id.value_or(0);
    if (evidence.kind == EvidenceKind::entry) {
        proof.link = fmt::format("/api/worklogs/{}/", id);
        if (auto entry = sources.entries.find(id); entry != sources.entries.end()) {
            text = said_by(entry->second);
            proof.occurred_on = entry->second.occurred_on;
        }
    } else if (evidence.kind == EvidenceKind::position) {
        proof.link = fmt::format("/api/profile/work/{}/", id);
        text = said_in(sources.profile.work, id);
    } else if (evidence.kind == EvidenceKind::project) {
        proof.link = fmt::format("/api/profile/projects/{}/", id);
        text = said_in(sources.profile.projects, id);
    } else {
        text = said_by(sources.profile.basics);
    }
    if (text) proof.quote = passage_of(*text, line);
    return proof;
}

}  // namespace

std::string passage_of(std::string_view text, std::string_view line) {
    auto wanted = words_in(line);
    std::string_view best;
    std::ptrdiff_t most = -1;
    for (auto passage : passages(text)) {
        auto words = words_in(passage);
        auto shared = std::count_if(words.begin(), words.end(), [&](const std::string& word) {
            return wanted.contains(word);
        });
        if (shared <= most) continue;
        most = shared;
        best = passage;
    }
    return std::string(first_code_points(best, longest_quote));
}

Provenance provenance_of(const Content& content, const Sources& sources, std::size_t most) {
    Provenance out;
    auto pointers = exported_pointers(content);
    for (std::size_t at = 0; at < content.sections.size(); ++at) {
        std::size_t index = 0;
        for (const auto& line : content.sections[at].lines) {
            ProvenLine proven;
            proven.id = line.id;
            proven.heading = content.sections[at].heading;
            proven.text = line.text;
            proven.verdict = line.verdict;
            proven.words = line.words;
            proven.evidence_count = static_cast<std::int64_t>(line.evidence.size());
            if (pointers[at] && is_exported(line)) {
                auto single = *pointers[at] == "/basics/summary";
                proven.pointer =
                    single ? *pointers[at] : fmt::format("{}/{}", *pointers[at], index++);
            }
            for (const auto& evidence : line.evidence) {
                if (proven.evidence.size() >= most) break;
                proven.evidence.push_back(proof_of(evidence, sources, line.text));
            }
            out.lines.push_back(std::move(proven));
        }
    }
    return out;
}

}  // namespace afterresume::reporting
