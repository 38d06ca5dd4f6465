#include "ai/agents/statements.h"

#include "ai/agents/markdown.h"
#include "ai/agents/text.h"
#include "ai/agents/verbs.h"
#include "core/text.h"

#include <algorithm>
#include <array>
#include <set>

namespace afterresume::agents {

namespace {

constexpr std::size_t longest_statement = 180;

bool contains_any(std::string_view folded, std::initializer_list<std::string_view> any) {
    return std::any_of(any.begin(), any.end(), [&](auto part) {
        return folded.find(part) != std::string_view::npos;
    });
}

// "Case-Insensitive Search With Ack": headings in title case read better in sentence case. A word
// is lowered only if the body itself writes it so, or it carries grammar.
std::string sentence_case(const std::string& heading, std::string_view body) {
    std::size_t capitals = 0;
    std::size_t words = 0;
    auto all = tokens(heading);
    for (const auto& token : all) {
        if (token.kind != TokenKind::word || token.start == 0) continue;
        ++words;
        if (is_upper_first(token.text)) ++capitals;
    }
    if (words < 2 || capitals * 3 < words * 2) return heading;
    std::set<std::string, std::less<>> lower;
    for (const auto& token : tokens(body)) {
        if (token.kind == TokenKind::word && !is_upper_first(token.text))
            lower.insert(stem(fold(token.text)));
    }
    auto out = heading;
    // From the end, so that what is replaced moves nothing that is still to come.
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        const auto& token = *it;
        auto folded = fold(token.text);
        if (token.kind != TokenKind::word || (is_all_upper(token.text) && token.text != "A") ||
            !is_upper_first(token.text))
            continue;
        // Folding takes accents off, so a word with any stays as it is.
        if (token.start == 0 || folded.size() != token.text.size()) continue;
        auto verb = find_verb(folded);
        if (lower.contains(stem(folded)) || is_function_word(folded) ||
            (verb && verb->form != VerbForm::past))
            out.replace(token.start, token.text.size(), folded);
    }
    return out;
}

// Whether the first word is written with a capital inside the sentences of the body, and never
// without.
bool opens_with_name(std::string_view subject, std::string_view body) {
    auto first = subject.substr(0, subject.find_first_of(" ,.:"));
    if (!is_upper_first(first) || find_verb(first)) return false;
    bool capital = false;
    std::size_t last_end = 0;
    for (const auto& token : tokens(body)) {
        bool inside = last_end > 0 && last_end + 1 == token.start && body[token.start - 1] == ' ' &&
                      body[last_end - 1] != '.';
        last_end = token.end;
        if (token.kind != TokenKind::word || fold(token.text) != fold(first)) continue;
        if (!is_upper_first(token.text)) return false;
        capital = capital || inside;
    }
    return capital;
}

std::string without_final_stop(std::string text) {
    while (!text.empty() && std::string_view(".;:,").find(text.back()) != std::string_view::npos)
        text.pop_back();
    return text;
}

bool is_told_as_done(std::string_view sentence) {
    auto head = sentence;
    bool person = false;
    for (auto subject : {"i've", "we've", "i", "we", "also", "then"}) {
        if (!starts_with_word(head, subject)) continue;
        person = true;
        head = trim(head.substr(std::string_view(subject).size()));
    }
    auto verb = find_verb(head.substr(0, head.find_first_of(" ,.")));
    if (!verb || head.find(' ') == std::string_view::npos) return false;
    return verb->form == VerbForm::past && (person || is_upper_first(head));
}

class EntryReader {
public:
    EntryReader(const EntryText& entry, std::size_t most)
        : entry_(entry),
          most_(most),
          plain_(plain_text(entry.content)),
          learning_(is_learning_note(entry)) {}

    std::vector<Statement> read() && {
        auto spans = sentences(plain_.text);
        std::size_t next = 0;
        if (entry_.title && !trim(*entry_.title).empty()) {
            add(plain_text(*entry_.title).text);
        } else {
            for (; next < spans.size() && out_.empty(); ++next) add(subject_at(spans, next));
        }
        for (; next < spans.size() && out_.size() < most_ && !learning_; ++next) {
            auto sentence = slice(spans[next]);
            if (is_told_as_done(sentence)) add(sentence);
        }
        return std::move(out_);
    }

private:
    std::string slice(const Span& span) const {
        return plain_.text.substr(span.start, span.end - span.start);
    }

    // A first line without a full stop may hold one in the middle ("Node.js"); whole lines are
    // subjects.
    std::string subject_at(const std::vector<Span>& spans, std::size_t at) const {
        auto line_end = std::min(plain_.text.find('\n', spans[at].start), plain_.text.size());
        auto line = plain_.text.substr(spans[at].start, line_end - spans[at].start);
        return at == 0 && line.size() < 90 && spans[at].end + 1 < line_end &&
                       plain_.text[spans[at].end - 1] != '.'
                   ? line
                   : slice(spans[at]);
    }

    void add(std::string sentence) {
        if (outlook_of(sentence) != Outlook::done) return;
        auto subject = sentence_case(without_final_stop(std::move(sentence)), plain_.text);
        auto statement = phrase(subject, {learning_, opens_with_name(subject, plain_.text)});
        if (statement.text.empty()) return;
        statement.text = shortened(std::move(statement.text), longest_statement);
        out_.push_back(std::move(statement));
    }

    const EntryText& entry_;
    std::size_t most_;
    PlainText plain_;
    bool learning_;
    std::vector<Statement> out_;
};

}  // namespace

std::vector<Statement> statements(const EntryText& entry, std::size_t most) {
    return EntryReader(entry, most).read();
}

bool is_learning_note(const EntryText& entry) {
    auto tagged = std::any_of(entry.tags.begin(), entry.tags.end(), [](const auto& tag) {
        auto folded = fold(tag);
        return folded == "til" || folded == "learning" || folded == "learned" ||
               folded == "learnt" || folded == "study" || folded == "course";
    });
    auto head = fold(std::string_view(entry.content).substr(0, 4000));
    if (tagged || head.starts_with("til:") || head.starts_with("til ") ||
        head.starts_with("today i learned"))
        return true;
    // A heading over prose that explains to a reader is a note; a heading in the past reports work.
    if (!head.starts_with("# ") || head.size() < 120) return false;
    auto verb = find_verb(std::string_view(head).substr(2, head.find_first_of(" \n", 2) - 2));
    return !verb || verb->form != VerbForm::past || verb->verb->strength < 2;
}

std::string with_result(const std::string& statement, std::string_view result) {
    auto text = without_final_stop(std::string(trim(result)));
    if (text.empty()) return statement;
    auto space = text.find(' ');
    auto first = fold(std::string_view(text).substr(0, space));
    auto rest = space == std::string::npos ? std::string() : text.substr(space + 1);
    if (first == "this" || first == "it" || first == "that" || first == "which") {
        auto verb = find_verb(std::string_view(rest).substr(0, rest.find(' ')));
        bool says = verb && verb->form != VerbForm::gerund && verb->form != VerbForm::base;
        if (says || rest.starts_with("is ") || rest.starts_with("was "))
            return statement + ", which " + rest;
    }
    auto verb = find_verb(first);
    bool order =
        verb && verb->form == VerbForm::base &&
        (past_of(*verb->verb) == first || is_determiner(fold(rest.substr(0, rest.find(' ')))));
    if (verb && !rest.empty() &&
        (verb->form == VerbForm::past || verb->form == VerbForm::third_person || order)) {
        return statement + ", " + gerund_of(*verb->verb) + ' ' + rest;
    }
    if (verb && verb->form == VerbForm::gerund && !rest.empty())
        return statement + ", " + lower_first(text);
    if (first == "resulting" || first == "thereby") return statement + ", " + lower_first(text);
    return statement + ": " + lower_first(text);
}

Outlook outlook_of(std::string_view sentence) {
    auto text = trim(sentence);
    while (!text.empty() && std::string_view("-*[(_").find(text[0]) != std::string_view::npos)
        text.remove_prefix(1);
    for (auto opening :
         {"blocked", "blocker", "blockers", "waiting for", "waiting on", "stuck on", "stuck with",
          "still waiting", "i'm blocked", "i am blocked", "blockiert", "warte auf",
          "we are blocked", "we're blocked"}) {
        if (starts_with_word(text, opening)) return Outlook::blocked;
    }
    auto folded = fold(text);
    if (contains_any(
            folded, {" blocked by ", " blocked on ", " blocked until ", " waiting on ",
                     " is blocked", " waiting for approval", " stuck on "}
        ))
        return Outlook::blocked;
    for (auto opening :
         {"next",      "next up",  "next step", "next steps",   "tomorrow", "todo",
          "to do",     "plan for", "plan:",     "plans",        "planned",  "will",
          "i will",    "i'll",     "we'll",     "we will",      "going to", "still to do",
          "remaining", "up next",  "morgen",    "als nachstes", "nachste",  "later"}) {
        bool colon_needed =
            std::string_view(opening) == "next" || std::string_view(opening) == "to do" ||
            std::string_view(opening) == "planned" || std::string_view(opening) == "later" ||
            std::string_view(opening) == "remaining";
        if (!starts_with_word(folded, opening)) continue;
        auto after = trim(std::string_view(folded).substr(std::string_view(opening).size()));
        if (!colon_needed || after.starts_with(":") || after.starts_with(",") ||
            after.starts_with("i ") || after.starts_with("week") || after.starts_with("sprint"))
            return Outlook::next;
    }
    return Outlook::done;
}

}  // namespace afterresume::agents
