// What the command line is read into, for whichever command it names.
#pragma once

#include "app/commands.h"

namespace afterresume::app {

struct Options {
    Common common;
    NewKeys new_keys;
    bool print_status = false;
    std::string text;
    std::string title;
    std::string outcome;
    std::string project;
    std::string date;
    std::vector<std::string> tags;
    std::string file;
    std::string kind;
    std::string from;
    std::string to;
    std::string format = "md";
    std::string theme = "classic";
    std::string out;
    bool markdown = false;
    std::string which;
    NewSchedule schedule;
    WantedJobs jobs;
    bool descendants = false;
    std::optional<std::int64_t> tenant;
};

}  // namespace afterresume::app
