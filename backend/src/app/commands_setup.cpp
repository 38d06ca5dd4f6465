// The commands that set the program up and look it over.
#include "api/openapi.h"
#include "app/commands.h"
#include "app/composition.h"
#include "app/databases.h"
#include "app/keys.h"
#include "app/options.h"
#include "app/run_task.h"
#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "core/program.h"
#include "infra/config/load.h"
#include "infra/documents/render.h"
#include "infra/sql/sqlite.h"

#include <algorithm>
#include <functional>
#include <iostream>

namespace afterresume::app {

namespace {

config::Loaded load_settings() {
    std::vector<config::Problem> problems;
    auto file = config::read_env_file(".env", problems);
    auto loaded = config::load(config::process_environment(), file);
    loaded.problems.insert(loaded.problems.begin(), problems.begin(), problems.end());
    return loaded;
}

std::string told(const config::Problem& problem) {
    return fmt::format("{} {}; right would be: {}", problem.variable, problem.wrong, problem.right);
}

Task<bool> pinged(sql::Database& database) {
    co_await database.ping();
    co_return true;
}

// Prints one line of the examination; gives whether it went well.
bool check(const std::string& what, const std::function<std::string()>& look) {
    try {
        auto found = look();
        fmt::print("  ok    {}: {}\n", what, found);
        return true;
    } catch (const std::exception& failure) {
        fmt::print("  FAIL  {}: {}\n", what, failure.what());
        return false;
    }
}

// Whom the settings name, as somebody who signs up over the API is read.
accounts::SignUp admin_of(const config::Settings& settings) {
    if (settings.admin_email.empty() || settings.admin_password.empty()) {
        throw Error(
            ErrorKind::invalid, "bootstrap.nobody",
            "ADMIN_EMAIL and ADMIN_PASSWORD say who it shall be."
        );
    }
    accounts::SignUp admin;
    admin.email = settings.admin_email;
    admin.password = settings.admin_password;
    admin.display_name = settings.admin_username.empty()
                             ? settings.admin_email.substr(0, settings.admin_email.find('@'))
                             : settings.admin_username;
    return describe::parse<accounts::SignUp>(describe::to_json(admin));
}

using accounts::Operator;

Operator make_operator(const config::Settings& settings) {
    auto admin = admin_of(settings);
    data_dir(settings);
    auto target = config::database_target(settings);
    std::optional<sql::InstanceLock> lock;
    if (!target.postgres) lock.emplace(target.file.string() + ".lock");
    migrate(settings, secret_key(settings));
    Composition program(settings, stderr);
    return run_task(program.io, program.sign_in.make_operator(admin, Uuid::random()));
}

}  // namespace

config::Settings checked_settings() {
    auto loaded = load_settings();
    if (loaded.problems.empty()) return loaded.settings;
    std::string all = "the settings are not right:";
    for (const auto& problem : loaded.problems) all += "\n  " + told(problem);
    throw Error(ErrorKind::invalid, "config.invalid", all);
}

int serve(Part part, const WantedWorker& wanted) {
    auto settings = checked_settings();
    if (!wanted.queues.empty()) settings.worker_queues = wanted.queues;
    // What is no queue is told before anything else that is wrong.
    worker_options(settings);
    if (wanted.concurrency) settings.worker_concurrency = *wanted.concurrency;
    run_server(settings, part);
    return 0;
}

int migrate_database(NewKeys accepted) {
    auto settings = checked_settings();
    data_dir(settings);
    auto report = migrate(settings, secret_key(settings), accepted);
    for (const auto& name : report.applied) fmt::print("applied {}\n", name);
    fmt::print("The database is at version {}.\n", report.version);
    return 0;
}

int validate_settings(bool print_status) {
    auto loaded = load_settings();
    for (const auto& problem : loaded.problems) fmt::print(stderr, "{}\n", told(problem));
    if (print_status) {
        for (const auto& entry : config::entries(loaded.settings))
            fmt::print("{:<24} {}\n", entry.variable, entry.value);
        auto target = config::database_target(loaded.settings);
        fmt::print(
            "\nDatabase: {}\n", target.postgres ? "PostgreSQL" : "SQLite in " + target.file.string()
        );
    }
    if (loaded.problems.empty()) fmt::print("The settings are right.\n");
    return loaded.problems.empty() ? 0 : 2;
}

int bootstrap() {
    switch (make_operator(checked_settings())) {
        case Operator::made:
            fmt::print("The first owner can sign in now.\n");
            break;
        case Operator::raised:
            fmt::print("This account operates the installation now.\n");
            break;
        case Operator::unchanged:
            fmt::print("This owner is there already; nothing was changed.\n");
            break;
    }
    return 0;
}

int create_admin() {
    auto settings = checked_settings();
    switch (make_operator(settings)) {
        case Operator::made:
            fmt::print("{} can sign in now, as an operator.\n", settings.admin_email);
            break;
        case Operator::raised:
            fmt::print("{} is an operator now; the password is as it was.\n", settings.admin_email);
            break;
        case Operator::unchanged:
            fmt::print("{} is an operator already; nothing was changed.\n", settings.admin_email);
            break;
    }
    return 0;
}

int examine() {
    auto loaded = load_settings();
    bool good = check("settings", [&] {
        if (!loaded.problems.empty()) throw std::runtime_error(told(loaded.problems.front()));
        return std::string("all understood");
    });
    if (!good) return 2;
    const auto& settings = loaded.settings;
    good &= check("data folder", [&] { return data_dir(settings).string(); });
    good &= check("database", [&] {
        require_current_schema(settings);
        require_known_keys(settings, secret_key(settings));
        Composition program(settings, stderr);
        run_task(program.io, pinged(*program.database));
        return std::string(
            program.database->dialect() == sql::Dialect::postgres ? "PostgreSQL answers"
                                                                  : "SQLite answers"
        );
    });
    good &= check("skills", [] {
        auto taxonomy = skill_matching::Taxonomy::built_in();
        return fmt::format("{} known by {} names", taxonomy.skills().size(), taxonomy.name_count());
    });
    good &= check("documents", [] {
        documents::Document document;
        document.title = "AfterResume";
        return fmt::format(
            "a PDF of {} bytes was rendered", documents::to_pdf(document, {}).size()
        );
    });
    return good ? 0 : 1;
}

namespace {

// A program of its own on an empty database, which is gone when this returns.
void describe_program(const std::function<void(Composition& program)>& describe) {
    config::Settings settings;
    settings.data_dir = std::filesystem::temp_directory_path() /
                        fmt::format("afterresume-described-{}", Uuid::random().text());
    settings.secret_key = std::string(32, 'x');
    settings.log_level = config::LogLevel::error;
    data_dir(settings);
    migrate(settings, settings.secret_key);
    {
        Composition program(settings, stderr);
        describe(program);
    }
    std::filesystem::remove_all(settings.data_dir);
}

struct AboutType {
    std::string name;
    jobs::QueueName queue;
    std::int16_t priority = 0;
    std::int16_t max_attempts = 0;
    jobs::Unique unique;
    std::vector<std::string> steps;
    // Whether people may ask for it, and put it on a schedule.
    bool requestable = false;
    bool schedulable = false;
};
BOOST_DESCRIBE_STRUCT(
    AboutType, (), (name, queue, priority, max_attempts, unique, steps, requestable, schedulable)
)

void tell_type(const AboutType& type) {
    fmt::print(
        "{:<20} {:<12} priority {}  attempts {:>2}  {:<8} {:<8} {}\n", type.name,
        describe::name_of(type.queue), type.priority, type.max_attempts,
        type.requestable ? "request" : "-", type.schedulable ? "schedule" : "-",
        type.unique == jobs::Unique::none ? "-" : describe::name_of(type.unique)
    );
}

}  // namespace

int print_openapi() {
    describe_program([](Composition& program) {
        std::cout << api::openapi_document(program.gateway.routes(), program_version) << '\n';
    });
    return 0;
}

int print_workflows(const Common& common) {
    std::vector<AboutType> all;
    describe_program([&](Composition& program) {
        for (const auto* type : program.types.all()) {
            all.push_back(
                {type->name, type->queue, type->priority, type->max_attempts, type->unique,
                 type->steps, static_cast<bool>(type->requestable),
                 static_cast<bool>(type->schedulable)}
            );
        }
    });
    if (common.json) {
        fmt::print("{}\n", describe::to_json(all));
    } else {
        std::ranges::for_each(all, tell_type);
    }
    return 0;
}

int print_config(bool markdown) {
    std::cout << (markdown ? config::configuration_markdown() : config::env_example());
    return 0;
}

}  // namespace afterresume::app
