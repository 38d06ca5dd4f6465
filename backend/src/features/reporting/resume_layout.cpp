#include "features/reporting/layout.h"

#include <fmt/format.h>

#include <array>

namespace afterresume::reporting {

namespace {

using documents::Entry;

std::string text(const JsonObject& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    const auto* value = found ? found->if_string() : nullptr;
    return value ? std::string(value->data(), value->size()) : std::string();
}

std::vector<std::string> texts(const JsonObject& object, std::string_view name) {
    std::vector<std::string> out;
    const auto* found = object.if_contains(name);
    if (!found || !found->is_array()) return out;
    for (const auto& item : found->get_array()) {
        if (const auto* value = item.if_string(); value && !value->empty())
            out.emplace_back(value->data(), value->size());
    }
    return out;
}

std::vector<const JsonObject*> objects(const JsonObject& object, std::string_view name) {
    std::vector<const JsonObject*> out;
    const auto* found = object.if_contains(name);
    if (!found || !found->is_array()) return out;
    for (const auto& item : found->get_array()) {
        if (item.is_object()) out.push_back(&item.get_object());
    }
    return out;
}

std::string joined(std::initializer_list<std::string> parts, std::string_view between) {
    std::string out;
    for (const auto& part : parts) {
        if (part.empty()) continue;
        if (!out.empty()) out += between;
        out += part;
    }
    return out;
}

std::string dates(const JsonObject& item, bool goes_on) {
    auto start = shown_date(text(item, "startDate"));
    auto end = shown_date(text(item, "endDate"));
    if (start.empty()) return end;
    if (end.empty()) return goes_on ? start + " – Present" : start;
    return start == end ? start : start + " – " + end;
}

std::vector<documents::Text> lines(const JsonObject& item, std::string_view name) {
    auto all = texts(item, name);
    return {all.begin(), all.end()};
}

Entry position(const JsonObject& item, std::string_view organisation) {
    Entry entry;
    entry.title = text(item, "position");
    entry.organisation = text(item, organisation);
    entry.location = text(item, "location");
    entry.dates = dates(item, true);
    entry.url = text(item, "url");
    entry.summary = text(item, "summary");
    entry.bullets = lines(item, "highlights");
    return entry;
}

Entry work(const JsonObject& item) { return position(item, "name"); }

Entry volunteering(const JsonObject& item) { return position(item, "organization"); }

Entry project(const JsonObject& item) {
    Entry entry;
    entry.title = text(item, "name");
    entry.organisation = text(item, "entity");
    entry.dates = dates(item, false);
    entry.url = text(item, "url");
    entry.summary = text(item, "description");
    entry.bullets = lines(item, "highlights");
    entry.tags = texts(item, "keywords");
    return entry;
}

Entry education(const JsonObject& item) {
    Entry entry;
    entry.title = joined({text(item, "studyType"), text(item, "area")}, ", ");
    entry.organisation = text(item, "institution");
    entry.dates = dates(item, true);
    entry.url = text(item, "url");
    if (auto score = text(item, "score"); !score.empty()) entry.summary = "Grade: " + score;
    entry.tags = texts(item, "courses");
    return entry;
}

Entry skill(const JsonObject& item) {
    Entry entry;
    auto level = text(item, "level");
    entry.title =
        level.empty() ? text(item, "name") : fmt::format("{} ({})", text(item, "name"), level);
    entry.tags = texts(item, "keywords");
    return entry;
}

Entry interest(const JsonObject& item) {
    Entry entry;
    entry.title = text(item, "name");
    entry.tags = texts(item, "keywords");
    return entry;
}

Entry language(const JsonObject& item) {
    Entry entry;
    entry.title = text(item, "language");
    if (auto fluency = text(item, "fluency"); !fluency.empty()) entry.tags = {fluency};
    return entry;
}

// A thing with a name, somebody who gave it, and a day.
Entry token(
    const JsonObject& item, std::string_view name, std::string_view giver, std::string_view day
) {
    Entry entry;
    entry.title = text(item, name);
    entry.organisation = text(item, giver);
    entry.dates = shown_date(text(item, day));
    entry.url = text(item, "url");
    entry.summary = text(item, "summary");
    return entry;
}

Entry certificate(const JsonObject& item) { return token(item, "name", "issuer", "date"); }

Entry award(const JsonObject& item) { return token(item, "title", "awarder", "date"); }

Entry publication(const JsonObject& item) {
    return token(item, "name", "publisher", "releaseDate");
}

Entry reference(const JsonObject& item) {
    Entry entry;
    entry.title = text(item, "name");
    entry.summary = text(item, "reference");
    return entry;
}

struct Chapter {
    std::string_view section;
    std::string_view heading;
    Entry (*entry)(const JsonObject&);
};
constexpr auto chapters = std::to_array<Chapter>({
    {"work", "Experience", work},
    {"projects", "Projects", project},
    {"skills", "Skills", skill},
    {"education", "Education", education},
    {"certificates", "Certificates", certificate},
    {"awards", "Awards", award},
    {"publications", "Publications", publication},
    {"languages", "Languages", language},
    {"volunteer", "Voluntary work", volunteering},
    {"interests", "Interests", interest},
    {"references", "References", reference},
});

void add_contacts(documents::Document& document, const JsonObject& basics) {
    auto add = [&](std::string shown, std::string url) {
        if (!shown.empty() || !url.empty())
            document.contacts.push_back({std::move(shown), std::move(url)});
    };
    auto email = text(basics, "email");
    add(email, email.empty() ? "" : "mailto:" + email);
    add(text(basics, "phone"), "");
    if (const auto* location = basics.if_contains("location"); location && location->is_object()) {
        const auto& place = location->get_object();
        add(joined({text(place, "city"), text(place, "region"), text(place, "countryCode")}, ", "),
            "");
    }
    add("", text(basics, "url"));
    for (const auto* account : objects(basics, "profiles")) {
        auto url = text(*account, "url");
        add(url.empty() ? joined({text(*account, "network"), text(*account, "username")}, ": ")
                        : "",
            url);
    }
}

}  // namespace

std::string shown_date(std::string_view date) {
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (date.size() != 7 && date.size() != 10) return std::string(date);
    auto day = LocalDate::parse(fmt::format("{}-01", date.substr(0, 7)));
    if (!day) return std::string(date);
    return fmt::format(
        "{} {}", months.at(static_cast<unsigned>(day->day.month()) - 1), date.substr(0, 4)
    );
}

documents::Document resume_layout(const JsonObject& resume) {
    documents::Document document;
    if (const auto* found = resume.if_contains("basics"); found && found->is_object()) {
        const auto& basics = found->get_object();
        document.title = document.author = text(basics, "name");
        document.subtitle = text(basics, "label");
        add_contacts(document, basics);
        if (auto summary = text(basics, "summary"); !summary.empty())
            document.sections.push_back({.heading = "Profile", .paragraphs = {summary}});
    }
    for (const auto& chapter : chapters) {
        documents::Section section{.heading = std::string(chapter.heading)};
        for (const auto* item : objects(resume, chapter.section))
            section.entries.push_back(chapter.entry(*item));
        if (!section.entries.empty()) document.sections.push_back(std::move(section));
    }
    return document;
}

}  // namespace afterresume::reporting
