#include "features/reporting/versions.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace afterresume::reporting {

namespace {

// A line where it stands, and whether it has found its counterpart in the other version.
template <class L>
struct Placed {
    std::size_t section;
    std::string heading;
    L* line;
    bool taken = false;
};

template <class L, class C>
std::vector<Placed<L>> placed(C& content) {
    std::vector<Placed<L>> out;
    for (std::size_t at = 0; at < content.sections.size(); ++at) {
        for (auto& line : content.sections[at].lines)
            out.push_back({at, content.sections[at].heading, &line});
    }
    return out;
}

template <class L, class Accept>
Placed<L>* take(std::vector<Placed<L>>& lines, Accept accept) {
    for (auto& line : lines) {
        if (line.taken || !accept(line)) continue;
        line.taken = true;
        return &line;
    }
    return nullptr;
}

bool same_evidence(const Line& one, const Line& other) {
    std::set<Evidence> left(one.evidence.begin(), one.evidence.end());
    std::set<Evidence> right(other.evidence.begin(), other.evidence.end());
    return left == right;
}

// The section that an edited line of an earlier one goes to, made when there is none.
Section& section_for(Content& content, const Section& earlier) {
    for (auto& section : content.sections) {
        if (section.heading == earlier.heading &&
            section.pointer.has_value() == earlier.pointer.has_value())
            return section;
    }
    Section made{earlier.heading, std::nullopt, false, {}};
    if (earlier.pointer && *earlier.pointer == "/basics/summary") {
        made.pointer = earlier.pointer;
    } else if (earlier.pointer) {
        auto skill = earlier.pointer->starts_with("/skills/");
        auto& list = content.resume[skill ? "skills" : "projects"];
        if (!list.is_array()) list = boost::json::array();
        made.pointer = fmt::format(
            "/{}/{}/{}", skill ? "skills" : "projects", list.as_array().size(),
            skill ? "keywords" : "highlights"
        );
        made.found = true;
        list.as_array().push_back(JsonObject{{"name", earlier.heading}});
    }
    content.sections.push_back(std::move(made));
    return content.sections.back();
}

bool is_known(const Line& line, const std::set<Evidence>& known) {
    return std::any_of(line.evidence.begin(), line.evidence.end(), [&](const Evidence& evidence) {
        return known.contains(evidence);
    });
}

// Word for word what was edited, from an entry of then.
bool is_origin(const Line& line, const Line& edited) {
    std::set<Evidence> of_line(line.evidence.begin(), line.evidence.end());
    return line.text == edited.original && is_known(edited, of_line);
}

void edit(Line& line, const Line& edited) {
    line.original = edited.original ? edited.original : std::optional(line.text);
    line.text = edited.text;
    line.verdict = Verdict::edited;
    line.words.clear();
}

std::string told(std::vector<Section> sections) {
    for (auto& section : sections) {
        for (auto& line : section.lines) line.id = 0;
    }
    return describe::to_json(sections);
}

void flatten(const Json& json, const std::string& at, std::map<std::string, std::string>& out) {
    if (const auto* object = json.if_object()) {
        for (const auto& pair : *object)
            flatten(pair.value(), describe::child_pointer(at, pair.key()), out);
    } else if (const auto* list = json.if_array()) {
        for (std::size_t i = 0; i < list->size(); ++i)
            flatten((*list)[i], fmt::format("{}/{}", at, i), out);
    } else if (const auto* text = json.if_string()) {
        out[at] = std::string(text->data(), text->size());
    } else {
        out[at] = describe::to_json(json);
    }
}

std::vector<FieldChange> field_changes(const JsonObject& before, const JsonObject& after) {
    std::map<std::string, std::string> old_fields;
    std::map<std::string, std::string> new_fields;
    flatten(before, "", old_fields);
    flatten(after, "", new_fields);
    std::vector<FieldChange> out;
    for (const auto& [pointer, value] : new_fields) {
        auto old = old_fields.find(pointer);
        if (old == old_fields.end()) {
            out.push_back({ChangeKind::added, pointer, std::nullopt, value});
        } else if (old->second != value) {
            out.push_back({ChangeKind::changed, pointer, old->second, value});
        }
    }
    for (const auto& [pointer, value] : old_fields) {
        if (!new_fields.contains(pointer))
            out.push_back({ChangeKind::removed, pointer, value, std::nullopt});
    }
    return out;
}

}  // namespace

Content keep_edits(Content fresh, const Content& earlier, const std::set<Evidence>& known) {
    auto lines = placed<Line>(fresh);
    std::vector<std::pair<const Section*, const Line*>> homeless;
    for (const auto& section : earlier.sections) {
        for (const auto& edited : section.lines) {
            if (edited.verdict != Verdict::edited) continue;
            auto same = [&](const auto& other) { return same_evidence(*other.line, edited); };
            auto* found =
                take(lines, [&](const auto& other) { return is_origin(*other.line, edited); });
            if (!found)
                found = take(lines, [&](const auto& other) {
                    return same(other) && other.heading == section.heading;
                });
            // Within a résumé a bullet is no skill, though both may rest on one entry.
            if (!found && !section.pointer) found = take(lines, same);
            if (found) {
                edit(*found->line, edited);
            } else if (is_known(edited, known)) {
                homeless.emplace_back(&section, &edited);
            }
        }
    }
    for (const auto& [section, line] : homeless)
        section_for(fresh, *section).lines.push_back(*line);
    number_lines(fresh);
    return fresh;
}

bool same_content(const Content& one, const Content& other) {
    // A database may give the members of an object back in another order.
    return told(one.sections) == told(other.sections) && one.resume == other.resume;
}

Differences differences(const Content& before, const Content& after) {
    auto old_lines = placed<const Line>(before);
    auto new_lines = placed<const Line>(after);
    Differences out;
    for (auto& line : new_lines) {
        line.taken =
            take(old_lines, [&](const auto& other) {
                return other.heading == line.heading && other.line->text == line.line->text;
            }) != nullptr;
    }
    for (const auto& line : new_lines) {
        if (line.taken) continue;
        auto same = [&](const auto& other) { return same_evidence(*other.line, *line.line); };
        auto* old = take(old_lines, [&](const auto& other) {
            return same(other) && other.heading == line.heading;
        });
        if (!old && !after.sections[line.section].pointer) old = take(old_lines, same);
        if (!old) {
            out.lines.push_back({ChangeKind::added, line.heading, std::nullopt, line.line->text});
        } else if (old->line->text != line.line->text) {
            out.lines.push_back(
                {ChangeKind::changed, line.heading, old->line->text, line.line->text}
            );
        }
    }
    for (const auto& line : old_lines) {
        if (!line.taken)
            out.lines.push_back({ChangeKind::removed, line.heading, line.line->text, std::nullopt});
    }
    out.fields = field_changes(before.resume, after.resume);
    return out;
}

}  // namespace afterresume::reporting
