// Schedules on the wire, with their limits.
#pragma once

#include "core/describe/notes.h"
#include "core/page.h"
#include "engine/schedules/model.h"

namespace afterresume::schedules {

template <class Fields>
constexpr auto schedule_notes() {
    using namespace describe;
    return std::tuple{
        note(&Fields::name, "What to call it; no two of yours have one name", length{1, 100}),
        note(
            &Fields::cron,
            "Five cron fields, or @hourly, @daily, @weekly, @monthly or @every_minute",
            length{1, 200}
        ),
        note(
            &Fields::time_zone, "IANA zone the expression is read in; your own when absent",
            length{1, 64}
        ),
        note(&Fields::payload, "What the job is given, in the form its type takes"),
        note(&Fields::enabled, "Whether it fires; true when absent"),
        note(&Fields::missed, "What becomes of times that were missed; once when absent"),
        note(
            &Fields::overlap,
            "What a time does while the job of an earlier one goes on; skip when absent"
        ),
    };
}

struct CreateSchedule {
    std::string name;
    std::string job_type;
    std::string cron;
    std::optional<std::string> time_zone;
    std::optional<JsonObject> payload;
    std::optional<bool> enabled;
    std::optional<Missed> missed;
    std::optional<Overlap> overlap;
};
BOOST_DESCRIBE_STRUCT(
    CreateSchedule, (), (name, job_type, cron, time_zone, payload, enabled, missed, overlap)
)
constexpr auto notes(CreateSchedule*) {
    using namespace describe;
    return std::tuple_cat(
        schedule_notes<CreateSchedule>(),
        std::tuple{
            note(&CreateSchedule::job_type, "report.generate, resume.refresh, …", length{1, 100})
        }
    );
}

struct EditSchedule {
    Replacement<std::string> name;
    Replacement<std::string> cron;
    Replacement<std::string> time_zone;
    Replacement<JsonObject> payload;
    Replacement<bool> enabled;
    Replacement<Missed> missed;
    Replacement<Overlap> overlap;
};
BOOST_DESCRIBE_STRUCT(EditSchedule, (), (name, cron, time_zone, payload, enabled, missed, overlap))
constexpr auto notes(EditSchedule*) { return schedule_notes<EditSchedule>(); }

struct ListSchedules {
    std::int64_t page_size = default_page_size;
    std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListSchedules, (), (page_size, cursor))
constexpr auto notes(ListSchedules*) {
    using namespace describe;
    return std::tuple{
        note(&ListSchedules::page_size, "Items on a page", range{1, largest_page_size}),
        note(&ListSchedules::cursor, "next_cursor of the page before", length{1, 100}),
    };
}

struct SchedulePage {
    std::vector<Schedule> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(SchedulePage, (), (items, next_cursor))

struct DecisionPage {
    std::vector<Decision> items;
    std::optional<std::string> next_cursor;
};
BOOST_DESCRIBE_STRUCT(DecisionPage, (), (items, next_cursor))

}  // namespace afterresume::schedules
