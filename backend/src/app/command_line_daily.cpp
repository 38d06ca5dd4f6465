// The commands of daily use, with their options.
#include "app/command_options.h"

#include <fmt/format.h>

namespace afterresume::app {

void CommandLine::add_work() {
    auto& entry = options_.entry;
    auto* log = add_for_user("log", "Write an entry down", [this] {
        return write_entry(options_.common, options_.entry);
    });
    log->add_option("text", entry.text, "What was done, in Markdown")->required();
    log->add_option("--title", entry.title, "A short heading");
    log->add_option("--outcome", entry.outcome, "What it changed, best with a number");
    log->add_option("--project", entry.project, "The project it belongs to");
    log->add_option("--date", entry.date, "Its date, as 2026-03-01; today when left out");
    log->add_option("--tag", entry.tags, "A short label; may be given more than once");
    auto* import =
        add_for_user("import", "Write down a file of entries: .csv, .json, .jsonl or .md", [this] {
            return import_file(options_.common, options_.file);
        });
    import->add_option("file", options_.file, "The file")->required();
    auto& output = options_.output;
    auto* report = add_for_user(
        "report", "Have a report made: standup, status, summary, weekly, monthly or self_review",
        [this] { return make_report(options_.common, options_.output); }
    );
    report->add_option("kind", output.kind, "What kind of report")->required();
    report->add_option("--from", output.from, "First date");
    report->add_option("--to", output.to, "Last date");
    add_output(report, "md, txt, html, json or pdf");
    auto* resume = add_for_user("resume", "Have the résumé refreshed and save it", [this] {
        return make_resume(options_.common, options_.output);
    });
    add_output(resume, "pdf, md, txt, html or json; by the file's ending when left out");
}

void CommandLine::add_output(CLI::App* command, const std::string& formats) {
    auto& output = options_.output;
    command->add_option("--format", output.format, formats);
    command->add_option("--theme", output.theme, "classic or modern");
    command->add_option("-o,--out", output.out, "File to write; standard output when left out");
}

void CommandLine::add_schedules() {
    auto* group = app_.add_subcommand("schedules", "What is done for you at set times");
    group->require_subcommand(1);
    add_for_user(
        "list", "List your schedules", [this] { return list_schedules(options_.common); }, group
    );
    auto* made = add_for_user(
        "add", "Have a job done at set times",
        [this] { return add_schedule(options_.common, options_.schedule); }, group
    );
    auto& wanted = options_.schedule;
    made->add_option("name", wanted.name, "What to call it")->required();
    made->add_option("--type", wanted.type, "One that `workflows` lists with schedule")->required();
    made->add_option("--cron", wanted.cron, "Five fields, or a word such as @daily")->required();
    add_times(made);
    auto* edited =
        add_for_one(group, "edit", "Change a schedule, in what is said here alone", [this] {
            return edit_schedule(options_.common, options_.which, options_.schedule);
        });
    edited->add_option("--name", wanted.name, "What to call it");
    edited->add_option("--cron", wanted.cron, "Five fields, or a word such as @daily");
    edited->add_option("--enabled", wanted.enabled, "true or false: whether it fires");
    add_times(edited);
    add_for_one(group, "show", "Show a schedule and what became of its times", [this] {
        return show_schedule(options_.common, options_.which);
    });
    for (const auto* act : {"pause", "resume", "run"}) {
        add_for_one(group, act, fmt::format("{} a schedule", act), [this, act] {
            return act_on_schedule(options_.common, options_.which, act);
        });
    }
    add_for_one(group, "remove", "Remove a schedule and its history", [this] {
        return remove_schedule(options_.common, options_.which);
    });
}

void CommandLine::add_times(CLI::App* command) {
    auto& wanted = options_.schedule;
    command->add_option("--zone", wanted.time_zone, "IANA time zone; your own for a new schedule");
    command->add_option("--payload", wanted.payload, "What the job is given, as JSON");
    command->add_option("--missed", wanted.missed, "skip, once or backfill");
    command->add_option("--overlap", wanted.overlap, "allow, skip, queue_one or cancel_old");
}

void CommandLine::add_jobs() {
    auto* group = app_.add_subcommand("jobs", "The work that is done for you");
    group->require_subcommand(1);
    auto& wanted = options_.jobs;
    auto* list = add_for_user(
        "list", "List your newest jobs",
        [this] { return list_jobs(options_.common, options_.jobs); }, group
    );
    list->add_option("--status", wanted.status, "queued, running, success, failed or cancelled");
    list->add_option("--type", wanted.type, "Only this type, as report.generate");
    add_for_one(group, "show", "Show a job, its steps and events", [this] {
        return show_job(options_.common, options_.which);
    });
    add_for_one(group, "retry", "Try a failed job again", [this] {
        return retry_job(options_.common, options_.which);
    });
    auto* cancel = add_for_one(group, "cancel", "Cancel a job", [this] {
        return cancel_job(options_.common, options_.which, options_.descendants);
    });
    cancel->add_flag("--descendants", options_.descendants, "And all that it led to");
    auto* redrive = add_for_user(
        "redrive", "Try many failed jobs again",
        [this] { return redrive_jobs(options_.common, options_.jobs); }, group
    );
    redrive->add_option("ids", wanted.ids, "Their ids");
    redrive->add_option("--type", wanted.type, "All of this type");
    redrive->add_option("--queue", wanted.queue, "All of this queue");
    redrive->add_option("--code", wanted.code, "All that ended by this, as job.worker_died");
    redrive->add_option("--status", wanted.status, "cancelled, in place of failed");
    redrive->add_flag("--all", wanted.all, "All of them");
    add_for_user(
        "check", "Look for broken promises of the job engine; exit code 1 when there are any",
        [this] { return check_jobs(options_.common); }, group
    );
}

}  // namespace afterresume::app
