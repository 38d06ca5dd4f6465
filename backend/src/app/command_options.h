// The commands with their options, and what these are read into, for whichever command is named.
#pragma once

#include "app/commands.h"

#include <CLI/CLI.hpp>

namespace afterresume::app {

struct Options {
    Common common;
    WantedWorker worker;
    NewKeys new_keys;
    bool print_status = false;
    NewEntry entry;
    std::string file;
    Output output;
    bool markdown = false;
    std::string which;
    WantedSchedule schedule;
    WantedJobs jobs;
    bool descendants = false;
    std::optional<std::int64_t> tenant;
};

class CommandLine {
public:
    CommandLine();
    // Of the command that the words name.
    int run(int argc, char** argv);

private:
    void add_server();
    void add_setup();
    void add_documents();
    // What people do every day.
    void add_work();
    void add_schedules();
    void add_jobs();
    // For operators.
    void add_audit();
    void add_cleanup();
    void add_keys();
    void add_accounts();
    void add_queues();
    void add_flags();

    CLI::App* add(
        const std::string& name, const std::string& sentence, std::function<int()> action,
        CLI::App* below = nullptr
    );
    // With the options for a user and for JSON.
    CLI::App* add_for_user(
        const std::string& name, const std::string& sentence, std::function<int()> action,
        CLI::App* below = nullptr
    );
    // Which names one of what the group is about.
    CLI::App* add_for_one(
        CLI::App* group, const std::string& name, const std::string& sentence,
        std::function<int()> action
    );
    void add_output(CLI::App* command, const std::string& formats);
    // What both a new schedule and a change of one may say.
    void add_times(CLI::App* command);

    CLI::App app_{
        "AfterResume: write down what you did; get reports and a résumé in which every line has "
        "its proof."
    };
    Options options_;
    std::function<int()> command_;
};

}  // namespace afterresume::app
