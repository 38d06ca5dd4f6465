// What happens to reports, for whoever follows. What is asked for is the payload of the job that
// does it.
#pragma once

#include "features/reporting/model.h"

namespace afterresume::reporting {

struct ReportAsked {
    static constexpr std::string_view event_name = "reporting.report_asked";
    Kind kind = Kind::status;
    std::optional<LocalDate> from;
    std::optional<LocalDate> to;
    std::optional<std::int64_t> window_days;
    bool operator==(const ReportAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportAsked, (), (kind, from, to, window_days))

struct ResumeAsked {
    static constexpr std::string_view event_name = "reporting.resume_asked";
    bool operator==(const ResumeAsked&) const = default;
};
BOOST_DESCRIBE_STRUCT(ResumeAsked, (), ())

struct ReportGenerated {
    static constexpr std::string_view event_name = "reporting.report_generated";
    Id<Report> report_id;
    Kind kind = Kind::status;
    bool operator==(const ReportGenerated&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportGenerated, (), (report_id, kind))

struct ReportEdited {
    static constexpr std::string_view event_name = "reporting.report_edited";
    Id<Report> report_id;
    bool operator==(const ReportEdited&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportEdited, (), (report_id))

struct ReportRemoved {
    static constexpr std::string_view event_name = "reporting.report_removed";
    Id<Report> report_id;
    bool operator==(const ReportRemoved&) const = default;
};
BOOST_DESCRIBE_STRUCT(ReportRemoved, (), (report_id))

}  // namespace afterresume::reporting
