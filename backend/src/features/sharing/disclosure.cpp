#include "features/sharing/disclosure.h"

#include "features/reporting/resume_document.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string_view>

namespace afterresume::sharing {

namespace {

using Names = std::span<const std::string_view>;

// A section of items, and what of an item is shown.
struct Part {
    std::string_view section;
    std::vector<std::string_view> fields;
};

const std::vector<Part>& parts() {
    static const std::vector<Part> all{
        {"work",
         {"name", "location", "description", "position", "url", "startDate", "endDate", "summary",
          "highlights"}},
        {"volunteer",
         {"organization", "position", "url", "startDate", "endDate", "summary", "highlights"}},
        {"education",
         {"institution", "url", "area", "studyType", "startDate", "endDate", "score", "courses"}},
        {"awards", {"title", "date", "awarder", "summary"}},
        {"certificates", {"name", "date", "url", "issuer"}},
        {"publications", {"name", "publisher", "releaseDate", "url", "summary"}},
        {"skills", {"name", "level", "keywords"}},
        {"languages", {"language", "fluency"}},
        {"interests", {"name", "keywords"}},
        {"references", {"name", "reference"}},
        {"projects",
         {"name", "description", "highlights", "keywords", "startDate", "endDate", "url", "roles",
          "entity", "type"}},
    };
    return all;
}

constexpr std::array<std::string_view, 3> about{"name", "label", "summary"};
constexpr std::array<std::string_view, 3> ways_to_reach{"email", "phone", "url"};
constexpr std::array<std::string_view, 3> place{"city", "region", "countryCode"};
constexpr std::array<std::string_view, 2> street{"address", "postalCode"};
constexpr std::array<std::string_view, 3> account{"network", "username", "url"};

// Whatever else a field of such a name holds may hold anything.
void copy_texts(const JsonObject& from, Names names, JsonObject& into) {
    for (auto name : names) {
        const auto* value = from.if_contains(name);
        if (value == nullptr) continue;
        if (value->is_string()) into[name] = *value;
        if (!value->is_array()) continue;
        boost::json::array texts;
        std::ranges::copy_if(value->get_array(), std::back_inserter(texts), [](const Json& item) {
            return item.is_string();
        });
        into[name] = std::move(texts);
    }
}

void copy_items(const JsonObject& from, std::string_view section, Names names, JsonObject& into) {
    const auto* list = from.if_contains(section);
    if (list == nullptr || !list->is_array()) return;
    boost::json::array items;
    for (const auto& item : list->get_array()) {
        if (!item.is_object()) continue;
        JsonObject shown;
        copy_texts(item.get_object(), names, shown);
        items.push_back(std::move(shown));
    }
    into[section] = std::move(items);
}

JsonObject disclosed_basics(const JsonObject& basics, Contacts contacts) {
    JsonObject out;
    copy_texts(basics, about, out);
    JsonObject where;
    const auto* location = basics.if_contains("location");
    const auto* known = location != nullptr ? location->if_object() : nullptr;
    if (known != nullptr) copy_texts(*known, place, where);
    if (contacts == Contacts::shown) {
        copy_texts(basics, ways_to_reach, out);
        copy_items(basics, "profiles", account, out);
        if (known != nullptr) copy_texts(*known, street, where);
    }
    if (!where.empty()) out["location"] = std::move(where);
    return out;
}

SharedLine disclosed_line(const reporting::Line& line) {
    std::set<reporting::EvidenceKind> kinds;
    for (const auto& evidence : line.evidence) kinds.insert(evidence.kind);
    return {line.text, line.verdict, {kinds.begin(), kinds.end()}};
}

std::string name_in(const JsonObject& resume) {
    const auto* basics = resume.if_contains("basics");
    const auto* name = basics != nullptr ? basics->as_object().if_contains("name") : nullptr;
    return name != nullptr && name->is_string() ? std::string(name->as_string()) : "Résumé";
}

}  // namespace

JsonObject disclosed_resume(const JsonObject& resume, Contacts contacts) {
    JsonObject out;
    const auto* basics = resume.if_contains("basics");
    if (basics != nullptr && basics->is_object())
        out["basics"] = disclosed_basics(basics->get_object(), contacts);
    for (const auto& part : parts()) copy_items(resume, part.section, part.fields, out);
    return out;
}

SharedReport disclosed(const reporting::Report& report, Contacts contacts) {
    auto content = reporting::shown(report.content, reporting::Unverified::left_out);
    SharedReport out{
        .kind = report.kind,
        .title = report.title,
        .from = report.from,
        .to = report.to,
        .theme = report.theme,
        .updated_at = report.updated_at,
        .sections = {},
        .resume = {}
    };
    for (const auto& section : content.sections) {
        if (section.lines.empty()) continue;
        SharedSection shown{section.heading, {}};
        for (const auto& line : section.lines) shown.lines.push_back(disclosed_line(line));
        out.sections.push_back(std::move(shown));
    }
    if (report.kind == reporting::Kind::resume) {
        out.resume = disclosed_resume(reporting::resume_document(content), contacts);
        // What its person called the résumé may be meant for nobody else.
        out.title = name_in(out.resume);
    }
    return out;
}

}  // namespace afterresume::sharing
