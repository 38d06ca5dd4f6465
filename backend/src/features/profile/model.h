// What a person declares about themselves: JSON Resume 1.0, section by section. Values and pure
// functions only.
#pragma once

#include "features/profile/career.h"
#include "features/profile/credentials.h"

namespace afterresume::profile {

// One member of a section, as Item<Position>: what it says, and what the program knows of it.
template <class T>
struct Item : T {
    Id<T> id;
    std::int64_t version = 1;
    Timestamp created_at;
    Timestamp updated_at;

    BOOST_DESCRIBE_CLASS(Item, (T), (id, version, created_at, updated_at), (), ())
};

template <class T>
constexpr auto notes(Item<T>*) {
    return std::tuple{
        note(&Item<T>::version, "What If-Match names to change it"),
        note(&Item<T>::updated_at, "When it was last changed"),
    };
}

// Each list is in the order that the person chose.
struct Profile {
    Basics basics;
    std::vector<Item<Position>> work;
    std::vector<Item<Volunteering>> volunteer;
    std::vector<Item<Education>> education;
    std::vector<Item<Award>> awards;
    std::vector<Item<Certificate>> certificates;
    std::vector<Item<Publication>> publications;
    std::vector<Item<Skill>> skills;
    std::vector<Item<Language>> languages;
    std::vector<Item<Interest>> interests;
    std::vector<Item<Reference>> references;
    std::vector<Item<Project>> projects;
    // Of the whole document: its $schema, meta, unknown fields, and sections that stand there
    // empty.
    JsonObject extra;
    // Rises with every change of any part; 1 is a profile of which nothing was ever said.
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(
    Profile, (),
    (basics, work, volunteer, education, awards, certificates, publications, skills, languages,
     interests, references, projects, extra, version)
)

// Calls `visit` with each list of a profile.
template <class P, class Visit>
void for_each_section(P& profile, Visit&& visit) {
    visit(profile.work);
    visit(profile.volunteer);
    visit(profile.education);
    visit(profile.awards);
    visit(profile.certificates);
    visit(profile.publications);
    visit(profile.skills);
    visit(profile.languages);
    visit(profile.interests);
    visit(profile.references);
    visit(profile.projects);
}

// Whether it was going on that day: it has begun, and has no end or ends no earlier. Of a date that
// is known by its month or year only, every day of it counts. What has no start is never current.
template <class T>
bool covers(const T& item, LocalDate day) {
    auto begun = item.start_date && item.start_date->first_day() <= day;
    return begun && (!item.end_date || item.end_date->last_day() >= day);
}

// Of those that cover the day, the one that began last; of several, the first in order.
template <class T>
std::optional<Id<T>> current_at(const std::vector<Item<T>>& items, LocalDate day) {
    const Item<T>* current = nullptr;
    for (const auto& item : items) {
        if (!covers(item, day)) continue;
        if (current == nullptr || item.start_date->first_day() > current->start_date->first_day())
            current = &item;
    }
    return current != nullptr ? std::optional(current->id) : std::nullopt;
}

// Positions and projects, for placing any number of log entries.
struct Timeline {
    std::vector<Item<Position>> work;
    std::vector<Item<Project>> projects;

    std::optional<Id<Position>> position_at(LocalDate day) const { return current_at(work, day); }
    std::optional<Id<Project>> project_at(LocalDate day) const { return current_at(projects, day); }
};

}  // namespace afterresume::profile
