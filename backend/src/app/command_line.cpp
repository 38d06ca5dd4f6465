#include "app/command_line.h"

#include "app/command_options.h"
#include "app/server.h"
#include "core/program.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace afterresume::app {

namespace {

int exit_code(ErrorKind kind) {
    return kind == ErrorKind::invalid || kind == ErrorKind::malformed ||
                   kind == ErrorKind::unsupported
               ? 2
               : 1;
}

class CommandLine {
public:
    CommandLine() {
        app_.require_subcommand(1);
        app_.set_version_flag("--version", std::string(program_version));
        app_.failure_message(CLI::FailureMessage::help);
        add_server();
        add_setup();
        add_work();
        add_documents();
        add_schedules();
        add_jobs();
        add_audit();
        add_accounts();
        add_queues();
        add_flags();
    }

    int run(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app_.exit(error) == 0 ? 0 : 2;
        }
        try {
            return command_();
        } catch (const Error& error) {
            fmt::print(stderr, "afterresume: {}\n", error.what());
            for (const auto& field : error.fields())
                fmt::print(stderr, "  {} {}\n", field.pointer, field.message);
            return exit_code(error.kind());
        } catch (const std::exception& error) {
            fmt::print(stderr, "afterresume: {}\n", error.what());
            return 1;
        }
    }

private:
    CLI::App* add(
        const std::string& name, const std::string& sentence, std::function<int()> action,
        CLI::App* below = nullptr
    ) {
        auto* command = (below != nullptr ? below : &app_)->add_subcommand(name, sentence);
        command->callback([this, action = std::move(action)] { command_ = action; });
        return command;
    }
    CLI::App* add_for_user(
        const std::string& name, const std::string& sentence, std::function<int()> action,
        CLI::App* below = nullptr
    ) {
        auto* command = add(name, sentence, std::move(action), below);
        command->add_option(
            "--as", options_.common.email, "Address of the user; the only owner when left out"
        );
        command->add_flag("--json", options_.common.json, "Print JSON for programs");
        return command;
    }

    void add_server() {
        add("up", "Run everything in one process", [] { return serve(Part::everything); });
        add("serve", "Run the API", [] { return serve(Part::api); });
        add("work", "Run the workers, and fire schedules", [] { return serve(Part::workers); });
        add("schedule", "Only fire schedules; workers do so too",
            [] { return serve(Part::scheduler); });
    }

    void add_setup() {
        auto* migrate = add("migrate", "Bring the database up to date", [this] {
            return migrate_database(options_.new_keys);
        });
        migrate->add_flag(
            "--accept-new-secret-key", options_.new_keys.secret,
            "Take a SECRET_KEY that the database does not know; access tokens end"
        );
        migrate->add_flag(
            "--accept-new-encryption-key", options_.new_keys.encryption,
            "Take such an ENCRYPTION_KEY, too; what the former one sealed is lost"
        );
        auto* validate = add("validate-env", "Check every setting", [this] {
            return validate_settings(options_.print_status);
        });
        validate->add_flag(
            "--print-status", options_.print_status, "Print what is configured, secrets masked"
        );
        add("bootstrap", "Make the first owner from ADMIN_EMAIL and ADMIN_PASSWORD",
            [] { return bootstrap(); });
        add("create-admin", "Make an operator of ADMIN_EMAIL, with ADMIN_PASSWORD where it is new",
            [] { return create_admin(); });
        add_for_user(
            "seed-demo", "Fill the log and profile with two months of a made-up person",
            [this] { return seed_demo(options_.common); }
        );
        add("doctor", "Check that everything the program needs is there and works",
            [] { return examine(); });
    }

    void add_work() {
        auto* log = add_for_user("log", "Write an entry down", [this] {
            return write_entry(
                options_.common, {options_.text, options_.title, options_.outcome, options_.project,
                                  options_.date, options_.tags}
            );
        });
        log->add_option("text", options_.text, "What was done, in Markdown")->required();
        log->add_option("--title", options_.title, "A short heading");
        log->add_option("--outcome", options_.outcome, "What it changed, best with a number");
        log->add_option("--project", options_.project, "The project it belongs to");
        log->add_option("--date", options_.date, "Its date, as 2026-03-01; today when left out");
        log->add_option("--tag", options_.tags, "A short label; may be given more than once");
        auto* import = add_for_user(
            "import", "Write down a file of entries: .csv, .json, .jsonl or .md",
            [this] { return import_file(options_.common, options_.file); }
        );
        import->add_option("file", options_.file, "The file")->required();
        auto* report = add_for_user(
            "report",
            "Have a report made: standup, status, summary, weekly, monthly or self_review",
            [this] {
                return make_report(
                    options_.common, {options_.kind, options_.from, options_.to, options_.format,
                                      options_.theme, options_.out}
                );
            }
        );
        report->add_option("kind", options_.kind, "What kind of report")->required();
        report->add_option("--from", options_.from, "First date");
        report->add_option("--to", options_.to, "Last date");
        add_output(report, "md, txt, html, json or pdf");
        auto* resume = add_for_user("resume", "Have the résumé refreshed and save it", [this] {
            return make_resume(
                options_.common, {{}, {}, {}, options_.format, options_.theme, options_.out}
            );
        });
        add_output(resume, "pdf, md, txt, html or json; by the file's ending when left out");
    }

    void add_output(CLI::App* command, const std::string& formats) {
        command->add_option("--format", options_.format, formats);
        command->add_option("--theme", options_.theme, "classic or modern");
        command->add_option(
            "-o,--out", options_.out, "File to write; standard output when left out"
        );
    }

    void add_documents() {
        add("openapi", "Print the OpenAPI document", [] { return print_openapi(); });
        auto* config =
            add("config", "Print .env.example, or the reference of settings with --markdown",
                [this] { return print_config(options_.markdown); });
        config->add_flag("--markdown", options_.markdown, "Print docs/configuration.md");
        auto* skills = app_.add_subcommand("skills", "Skills in any text");
        skills->require_subcommand(1);
        auto* extract = skills->add_subcommand(
            "extract", "Read JSON lines {\"id\",\"text\"}, print {\"id\",\"skills\":[…]} for each"
        );
        extract->callback([this] { command_ = [] { return extract_skills(); }; });
    }

    void add_schedules() {
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
        made->add_option("--type", wanted.type, "report.generate or resume.refresh")->required();
        made->add_option("--cron", wanted.cron, "Five fields, or a word such as @daily")
            ->required();
        made->add_option("--zone", wanted.time_zone, "IANA time zone; your own when left out");
        made->add_option("--payload", wanted.payload, "What the job is given, as JSON");
        made->add_option("--missed", wanted.missed, "skip, once or backfill");
        made->add_option("--overlap", wanted.overlap, "allow, skip, queue_one or cancel_old");
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

    void add_jobs() {
        auto* group = app_.add_subcommand("jobs", "The work that is done for you");
        group->require_subcommand(1);
        auto& wanted = options_.jobs;
        auto* list = add_for_user(
            "list", "List your newest jobs",
            [this] { return list_jobs(options_.common, options_.jobs); }, group
        );
        list->add_option(
            "--status", wanted.status, "queued, running, success, failed or cancelled"
        );
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

    void add_audit() {
        auto* group = app_.add_subcommand("audit", "The record of who did what");
        group->require_subcommand(1);
        add_for_user(
            "verify",
            "Look for records that are not as they were sealed; exit code 1 when there are any",
            [this] { return verify_audit(options_.common); }, group
        );
    }

    void add_accounts() {
        auto* group = app_.add_subcommand("accounts", "Accounts of people, for operators");
        group->require_subcommand(1);
        auto* reset = add_for_user(
            "reset-second-factor",
            "Switch the second factor of somebody off who has lost it; they are told by a mail",
            [this] { return reset_second_factor(options_.common, options_.which); }, group
        );
        reset->add_option("email", options_.which, "Their address")->required();
    }

    void add_queues() {
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

    void add_flags() {
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

    CLI::App* add_for_one(
        CLI::App* group, const std::string& name, const std::string& sentence,
        std::function<int()> action
    ) {
        auto* command = add_for_user(name, sentence, std::move(action), group);
        command->add_option("which", options_.which, "Its id; a schedule's name will do, too")
            ->required();
        return command;
    }

    CLI::App app_{
        "AfterResume: write down what you did; get reports and a résumé in which every line has "
        "its proof."
    };
    Options options_;
    std::function<int()> command_;
};

}  // namespace

int run(int argc, char** argv) { return CommandLine().run(argc, argv); }

}  // namespace afterresume::app
