// What a person did over time: positions, projects, voluntary work, education. Like basics.h:
// nothing is required, and unknown fields of a file wait in `extra`. A missing end means "until
// now".
#pragma once

#include "features/profile/basics.h"
#include "features/profile/partial_date.h"
#include "features/profile/section.h"

namespace afterresume::profile {

struct Position {
    static constexpr Section section = Section::work;

    std::optional<std::string> name;
    std::optional<std::string> position;
    std::optional<std::string> location;
    std::optional<std::string> description;
    std::optional<std::string> url;
    std::optional<PartialDate> start_date;
    std::optional<PartialDate> end_date;
    std::optional<std::string> summary;
    std::vector<std::string> highlights;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(
    Position, (),
    (name, position, location, description, url, start_date, end_date, summary, highlights, extra)
)

constexpr auto notes(Position*) {
    return std::tuple{
        note(&Position::name, "The employer", one_line),
        note(&Position::position, "Title of the position", one_line),
        note(&Position::location, "Where it was", one_line),
        note(&Position::description, "What the employer does", long_text),
        note(&Position::url, "Address of the employer's pages", one_address),
        note(&Position::start_date, "First day, month or year"),
        note(&Position::end_date, "Last day, month or year; until now when absent"),
        note(&Position::summary, "What the person was responsible for", long_text),
        note(&Position::highlights, "What was achieved", short_list, each_entry),
        note(&Position::extra, extra_note),
    };
}

struct Project {
    static constexpr Section section = Section::projects;

    std::optional<std::string> name;
    std::optional<std::string> description;
    std::vector<std::string> highlights;
    std::vector<std::string> keywords;
    std::optional<PartialDate> start_date;
    std::optional<PartialDate> end_date;
    std::optional<std::string> url;
    std::vector<std::string> roles;
    std::optional<std::string> entity;
    std::optional<std::string> type;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(
    Project, (),
    (name, description, highlights, keywords, start_date, end_date, url, roles, entity, type, extra)
)

constexpr auto notes(Project*) {
    return std::tuple{
        note(&Project::name, "Name of the project", one_line),
        note(&Project::description, "What it is about", long_text),
        note(&Project::highlights, "What was achieved", short_list, each_entry),
        note(&Project::keywords, "What was used", short_list, each_entry),
        note(&Project::start_date, "First day, month or year"),
        note(&Project::end_date, "Last day, month or year; until now when absent"),
        note(&Project::url, "Address of the project's pages", one_address),
        note(&Project::roles, "What the person was in it", short_list, each_entry),
        note(&Project::entity, "For which company or body", one_line),
        note(&Project::type, "Application, talk, conference and the like", one_line),
        note(&Project::extra, extra_note),
    };
}

struct Volunteering {
    static constexpr Section section = Section::volunteer;

    std::optional<std::string> organization;
    std::optional<std::string> position;
    std::optional<std::string> url;
    std::optional<PartialDate> start_date;
    std::optional<PartialDate> end_date;
    std::optional<std::string> summary;
    std::vector<std::string> highlights;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(
    Volunteering, (),
    (organization, position, url, start_date, end_date, summary, highlights, extra)
)

constexpr auto notes(Volunteering*) {
    return std::tuple{
        note(&Volunteering::organization, "For whom", one_line),
        note(&Volunteering::position, "As what", one_line),
        note(&Volunteering::url, "Address of its pages", one_address),
        note(&Volunteering::start_date, "First day, month or year"),
        note(&Volunteering::end_date, "Last day, month or year; until now when absent"),
        note(&Volunteering::summary, "What the person was responsible for", long_text),
        note(&Volunteering::highlights, "What was achieved", short_list, each_entry),
        note(&Volunteering::extra, extra_note),
    };
}

struct Education {
    static constexpr Section section = Section::education;

    std::optional<std::string> institution;
    std::optional<std::string> url;
    std::optional<std::string> area;
    std::optional<std::string> study_type;
    std::optional<PartialDate> start_date;
    std::optional<PartialDate> end_date;
    std::optional<std::string> score;
    std::vector<std::string> courses;
    JsonObject extra;
};
BOOST_DESCRIBE_STRUCT(
    Education, (), (institution, url, area, study_type, start_date, end_date, score, courses, extra)
)

constexpr auto notes(Education*) {
    return std::tuple{
        note(&Education::institution, "School, university or academy", one_line),
        note(&Education::url, "Address of its pages", one_address),
        note(&Education::area, "Field of study", one_line),
        note(&Education::study_type, "Degree or kind of study", one_line),
        note(&Education::start_date, "First day, month or year"),
        note(&Education::end_date, "Last day, month or year; until now when absent"),
        note(&Education::score, "Grade, as in 3.67/4.0", one_line),
        note(&Education::courses, "Courses worth naming", short_list, each_entry),
        note(&Education::extra, extra_note),
    };
}

}  // namespace afterresume::profile
