// The commands of those who operate the installation, with their options.
#include "app/command_options.h"

#include <fmt/format.h>

namespace afterresume::app {

void CommandLine::add_audit() {
    auto* group = app_.add_subcommand("audit", "The record of who did what");
    group->require_subcommand(1);
    add_for_user(
        "verify",
        "Look for records that are not as they were sealed; exit code 1 when there are any",
        [this] { return verify_audit(options_.common); }, group
    );
}

void CommandLine::add_cleanup() {
    add_for_user("cleanup", "Remove what is over now, as every night", [this] {
        return clean_up(options_.common);
    });
}

void CommandLine::add_keys() {
    auto* group = app_.add_subcommand("keys", "The keys that the database is sealed with");
    group->require_subcommand(1);
    add(
        "check", "Count what former keys sealed; exit code 1 while they are needed",
        [] { return check_keys(); }, group
    );
    add(
        "reseal",
        "Seal it anew with the newest key, beside running servers; begin again whenever it was "
        "stopped",
        [] { return reseal(); }, group
    );
}

void CommandLine::add_accounts() {
    auto* group = app_.add_subcommand("accounts", "Accounts of people, for operators");
    group->require_subcommand(1);
    auto* reset = add_for_user(
        "reset-second-factor",
        "Switch the second factor of somebody off who has lost it; they are told by a mail",
        [this] { return reset_second_factor(options_.common, options_.which); }, group
    );
    reset->add_option("email", options_.which, "Their address")->required();
}

void CommandLine::add_queues() {
    auto* group = app_.add_subcommand("queues", "The queues of jobs, for operators");
    group->require_subcommand(1);
    add_for_user(
        "list", "List what is in them", [this] { return list_queues(options_.common); }, group
    );
    for (const std::string word : {"pause", "resume"}) {
        auto act = [this, word] { return change_queue(options_.common, options_.which, word); };
        auto* command = add_for_user(word, fmt::format("Have a queue {}d", word), act, group);
        command->add_option("queue", options_.which, "As list calls it")->required();
    }
}

void CommandLine::add_flags() {
    auto* group = app_.add_subcommand("flags", "What operators switch while the program runs");
    group->require_subcommand(1);
    add_for_user(
        "list", "List what was switched", [this] { return list_flags(options_.common); }, group
    );
    for (auto on : {true, false}) {
        const auto* word = on ? "on" : "off";
        auto* command = add_for_user(
            word, fmt::format("Switch a flag {}", word),
            [this, on] {
                return switch_flag(options_.common, options_.which, on, options_.tenant);
            },
            group
        );
        command->add_option("flag", options_.which, "maintenance, disable_sharing")->required();
        command->add_option("--tenant", options_.tenant, "For the tenant of this id alone");
    }
}

}  // namespace afterresume::app
