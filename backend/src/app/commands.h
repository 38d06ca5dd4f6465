// What each command does. All give the exit code; errors are thrown.
#pragma once

#include "app/key_fingerprints.h"
#include "app/server.h"
#include "core/error.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::app {

struct Common {
    std::string email;
    bool json = false;
};

// Of the environment and .env. Throws Error(invalid, "config.invalid") listing every problem.
config::Settings checked_settings();

// What `work` was told in place of settings; the rest is as these say.
struct WantedWorker {
    std::vector<std::string> queues;
    std::optional<std::int64_t> concurrency;
};
int serve(Part part, const WantedWorker& wanted = {});
int migrate_database(NewKeys accepted);
// By which keys things are sealed; 1 while former ones are needed, and when no key opens something.
int check_keys();
// Seals with the newest key what former ones sealed; 1 when no key opens something.
int reseal();
int validate_settings(bool print_status);
// Both make an operator of ADMIN_EMAIL; the first where there is nobody yet.
int bootstrap();
int create_admin();
int examine();
int print_openapi();
// The types of jobs that this program knows.
int print_workflows(const Common& common);
int print_config(bool markdown);
int extract_skills();

struct NewEntry {
    std::string text;
    std::string title;
    std::string outcome;
    std::string project;
    std::string date;
    std::vector<std::string> tags;
};
int write_entry(const Common& common, const NewEntry& entry);
int import_file(const Common& common, const std::string& file);
int seed_demo(const Common& common);

struct Output {
    std::string kind;
    std::string from;
    std::string to;
    std::string format = "md";
    std::string theme = "classic";
    std::string out;
};
int make_report(const Common& common, const Output& output);
int make_resume(const Common& common, const Output& output);

// Of a new schedule, or what is to change of one. Empty texts say nothing.
struct WantedSchedule {
    std::string name;
    std::string type;
    std::string cron;
    std::string time_zone;
    // JSON text.
    std::string payload;
    std::string missed;
    std::string overlap;
    std::optional<bool> enabled;
};
int list_schedules(const Common& common);
int add_schedule(const Common& common, const WantedSchedule& wanted);
// `which` is an id or a name.
int show_schedule(const Common& common, const std::string& which);
// pause, resume or run.
int act_on_schedule(const Common& common, const std::string& which, const std::string& act);
int edit_schedule(const Common& common, const std::string& which, const WantedSchedule& wanted);
int remove_schedule(const Common& common, const std::string& which);

struct WantedJobs {
    std::vector<std::string> ids;
    std::string status;
    std::string type;
    std::string queue;
    std::string code;
    bool all = false;
};
int list_jobs(const Common& common, const WantedJobs& wanted);
int show_job(const Common& common, const std::string& id);
int cancel_job(const Common& common, const std::string& id, bool descendants);
int retry_job(const Common& common, const std::string& id);
// Tries failed jobs again, or cancelled ones where the status says so: those of the ids, of the
// type, the queue and the code of their error, or all. 1 when one of them was refused.
int redrive_jobs(const Common& common, const WantedJobs& wanted);
// 1 when a promise of the engine is broken.
int check_jobs(const Common& common);
// Removes what is over now, as every night, and waits until the engine's part of it is done; each
// tenant's own follows.
int clean_up(const Common& common);
// 1 when a record of an audit trail is not as it was sealed.
int verify_audit(const Common& common);

// Of whoever has lost it; `email` is theirs.
int reset_second_factor(const Common& common, const std::string& email);

int list_queues(const Common& common);
// `what` is pause or resume.
int change_queue(const Common& common, const std::string& queue, const std::string& what);

int list_flags(const Common& common);
// For one tenant, or for all without.
int switch_flag(
    const Common& common, const std::string& flag, bool on, std::optional<std::int64_t> tenant
);

}  // namespace afterresume::app
