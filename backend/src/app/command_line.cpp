#include "app/command_line.h"

#include "app/command_options.h"
#include "app/server.h"
#include "core/program.h"

#include <fmt/format.h>

namespace afterresume::app {

namespace {

int exit_code(ErrorKind kind) {
    return kind == ErrorKind::invalid || kind == ErrorKind::malformed ||
                   kind == ErrorKind::unsupported
               ? 2
               : 1;
}

}  // namespace

CommandLine::CommandLine() {
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
    add_cleanup();
    add_keys();
    add_accounts();
    add_queues();
    add_flags();
}

int CommandLine::run(int argc, char** argv) {
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

CLI::App* CommandLine::add(
    const std::string& name, const std::string& sentence, std::function<int()> action,
    CLI::App* below
) {
    auto* command = (below != nullptr ? below : &app_)->add_subcommand(name, sentence);
    command->callback([this, action = std::move(action)] { command_ = action; });
    return command;
}

CLI::App* CommandLine::add_for_user(
    const std::string& name, const std::string& sentence, std::function<int()> action,
    CLI::App* below
) {
    auto* command = add(name, sentence, std::move(action), below);
    command->add_option(
        "--as", options_.common.email, "Address of the user; the only owner when left out"
    );
    command->add_flag("--json", options_.common.json, "Print JSON for programs");
    return command;
}

CLI::App* CommandLine::add_for_one(
    CLI::App* group, const std::string& name, const std::string& sentence,
    std::function<int()> action
) {
    auto* command = add_for_user(name, sentence, std::move(action), group);
    command->add_option("which", options_.which, "Its id; a schedule's name will do, too")
        ->required();
    return command;
}

void CommandLine::add_server() {
    add("up", "Run everything in one process", [] { return serve(Part::everything); });
    add("serve", "Run the API", [] { return serve(Part::api); });
    auto* work = add("work", "Run the workers, and fire schedules", [this] {
        return serve(Part::workers, options_.worker);
    });
    work->add_option(
            "--queues", options_.worker.queues, "Serve these alone, in place of WORKER_QUEUES"
    )
        ->delimiter(',');
    work->add_option(
            "--concurrency", options_.worker.concurrency,
            "So many jobs at once, in place of WORKER_CONCURRENCY"
    )
        ->check(CLI::Range(1, 256));
    add("schedule", "Only fire schedules; workers do so too",
        [] { return serve(Part::scheduler); });
}

void CommandLine::add_setup() {
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

void CommandLine::add_documents() {
    add("openapi", "Print the OpenAPI document", [] { return print_openapi(); });
    auto* workflows =
        add("workflows", "List the types of jobs, and which of them people may ask for",
            [this] { return print_workflows(options_.common); });
    workflows->add_flag("--json", options_.common.json, "Print JSON for programs");
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

int run(int argc, char** argv) { return CommandLine().run(argc, argv); }

}  // namespace afterresume::app
