// How the program starts on a database of its own, and what its people have.
#include "program.h"

#include "app/composition.h"
#include "app/databases.h"
#include "core/describe/reader.h"
#include "engine/jobs/testing.h"
#include "infra/crypto/crypto.h"
#include "infra/crypto/jwt.h"
#include "infra/sql/postgres_session.h"

#include <fmt/format.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <sstream>

namespace afterresume::contract {

namespace {

constexpr std::chrono::seconds longest_silence{60};

std::string with_database(const std::string& url, std::string_view name) {
    auto path = url.find_first_of("/?", url.find("://") + 3);
    return fmt::format("{}/{}", url.substr(0, path), name);
}

}  // namespace

// Where the program keeps its things; taken down with the roles that a PostgreSQL database brings.
struct Program::Home {
    std::string name = "ar_contract_" + crypto::hex(crypto::random(8));
    std::filesystem::path folder = std::filesystem::temp_directory_path() / name;
    std::string server;

    explicit Home(sql::Dialect dialect) {
        std::filesystem::create_directories(folder);
        if (dialect == sql::Dialect::sqlite) return;
        server = sql::test_server_url().value();
        sql::PostgresSession(server).execute("CREATE DATABASE " + name);
    }
    ~Home() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
        if (server.empty()) return;
        auto roles = sql::roles_of(name, [](const std::string& role) { return role; });
        sql::PostgresSession session(server);
        session.execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
        for (const auto* login : {&roles.app, &roles.engine, &roles.op}) {
            session.execute("DROP ROLE IF EXISTS " + session.identifier(login->role));
        }
    }
    std::string url() const { return server.empty() ? std::string() : with_database(server, name); }
};

Program::Program(sql::Dialect dialect, const Adjust& adjust)
    : home_(std::make_unique<Home>(dialect)) {
    config::Settings settings;
    settings.data_dir = home_->folder;
    settings.database_url = home_->url();
    settings.secret_key = std::string(40, 'k');
    settings.signup_mode = config::SignupMode::open;
    settings.log_level = config::LogLevel::error;
    settings.resume_debounce_s = 0;
    const config::Rate plenty{1'000'000, 1, 1'000'000};
    settings.rate_limit_user = settings.rate_limit_tenant = settings.rate_limit_ip =
        settings.rate_limit_login = plenty;
    if (adjust) adjust(settings);
    start(settings);
    sign_everybody_up();
}

Program::~Program() { stop(); }

void Program::start(const config::Settings& settings) {
    app::migrate(settings, settings.secret_key);
    composition_ = std::make_unique<app::Composition>(settings, stderr);
    run_void(composition_->worker->open());
}

void Program::stop() {
    run_void(composition_->worker->stop(std::chrono::seconds(5)));
    run_void(composition_->database->close());
}

void Program::restart(const Adjust& adjust) {
    auto settings = composition_->settings;
    adjust(settings);
    stop();
    composition_.reset();
    start(settings);
}

void Program::sign_everybody_up() {
    accounts::SignUp first;
    first.email = "ada@example.org";
    first.password = password;
    first.display_name = "Ada";
    run(composition_->sign_in.make_operator(first, Uuid::random()));
    tokens_[ada] = call("POST", "/api/auth/login/", nobody, login_body("ada@example.org"))
                       .text("/access_token");
    auto sign_up = fmt::format(
        R"({{"email":"bob@example.org","password":"{}","display_name":"Bob"}})", password
    );
    tokens_[bob] = call("POST", "/api/auth/signup/", nobody, sign_up).text("/access_token");
    auto code = call("POST", "/api/invitations/", ada, R"({"role":"read_only"})").text("/code");
    sign_up = fmt::format(
        R"({{"email":"carol@example.org","password":"{}","display_name":"Carol","invitation":"{}"}})",
        password, code
    );
    tokens_[carol] = call("POST", "/api/auth/signup/", nobody, sign_up).text("/access_token");
    tokens_[ended_session] = call("POST", "/api/auth/login/", nobody, login_body("ada@example.org"))
                                 .text("/access_token");
    call("POST", "/api/auth/logout/", ended_session);
    auto ada_token = tokens_[ada];
    tokens_[expired] = token_with("exp", Json(1'700'000'000));
    tokens_[wrong_audience] = token_with("aud", Json("elsewhere"));
    tokens_[truncated] = ada_token.substr(0, ada_token.size() - 10);
    auto key = crypto::subkey(composition_->secret, "access token");
    tokens_[forged] = crypto::sign_jwt(
        crypto::subkey("another secret", "access token"), crypto::verify_jwt(key, ada_token).value()
    );
}

std::string Program::token_with(const std::string& claim, const Json& value) const {
    auto key = crypto::subkey(composition_->secret, "access token");
    auto claims = describe::parse_json(crypto::verify_jwt(key, tokens_.at(ada)).value());
    claims.as_object()[claim] = value;
    return crypto::sign_jwt(key, boost::json::serialize(claims));
}

const std::string& Program::secret() const { return composition_->secret; }

boost::asio::io_context& Program::io() { return composition_->io; }

void Program::forget_session(std::int64_t session) {
    composition_->guard.forget(Id<accounts::Session>{session});
}

void Program::work() {
    while (run(composition_->worker->work_until_idle()) > 0) {
    }
}

void Program::check_jobs() {
    auto& database = *composition_->database;
    jobs::expect_none(run(jobs::find_violations(database, {.claimable_since = {}})));
}

void Program::furnish() {
    if (furnished_) return;
    furnished_ = true;
    auto keep = [&](const std::string& name, const Answer& answer, std::string_view pointer) {
        remember(name, answer.text(pointer));
    };
    auto me = call("GET", "/api/auth/me/", ada);
    keep("ada", me, "/id");
    keep("ada.tenant", me, "/tenant_id");
    auto entry = call(
        "POST", "/api/worklogs/", ada,
        R"({"content":"Rewrote the importer in Rust.","occurred_on":"2026-03-02"})"
    );
    keep("ada.entry", entry, "/id");
    keep("ada.job", entry, "/job_ids/0");
    keep("ada.skill", call("POST", "/api/skills/", ada, R"({"name":"Beekeeping"})"), "/id");
    keep(
        "ada.invitation", call("POST", "/api/invitations/", ada, R"({"role":"member"})"),
        "/invitation/id"
    );
    keep(
        "ada.token", call("POST", "/api/auth/tokens/", ada, R"({"name":"CLI","scopes":["read"]})"),
        "/about/id"
    );
    keep("ada.session", call("GET", "/api/auth/sessions/", ada), "/items/0/id");
    keep("ada.member", call("GET", "/api/tenant/members/", ada), "/items/0/id");
    keep(
        "ada.work",
        call(
            "POST", "/api/profile/work/", ada,
            R"({"name":"Analytical Engines","position":"Programmer"})"
        ),
        "/id"
    );
    keep(
        "ada.schedule",
        call(
            "POST", "/api/schedules/", ada,
            R"({"name":"Weekly","job_type":"report.generate","cron":"@weekly","payload":{"kind":"weekly"}})"
        ),
        "/id"
    );
    call(
        "POST", "/api/reports/generate/", ada,
        R"({"kind":"status","from":"2026-03-01","to":"2026-03-31"})"
    );
    work();
    keep("ada.report", call("GET", "/api/reports/", ada), "/items/0/id");
    auto share = call("POST", "/api/shares/", ada, R"({"report_id":{ada.report}})");
    keep("ada.share", share, "/share/id");
    auto bobs = call("GET", "/api/auth/me/", bob).text("/tenant_id");
    auto glass = fmt::format(R"({{"tenant_id":{},"reason":"To be looked at."}})", bobs);
    keep("ada.glass", call("POST", "/system/break-glass/", ada, glass), "/id");
}

void Program::run_void(Task<void> task) {
    std::exception_ptr failure;
    bool done = false;
    boost::asio::co_spawn(composition_->io, std::move(task), [&](std::exception_ptr error) {
        failure = error;
        done = true;
    });
    turn_until(done);
    if (failure) std::rethrow_exception(failure);
}

void Program::turn_until(const bool& done) {
    auto guard = boost::asio::make_work_guard(composition_->io);
    composition_->io.restart();
    while (!done) {
        if (composition_->io.run_one_for(longest_silence) == 0)
            throw std::logic_error("the task waits for nothing");
    }
}

std::string file_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string login_body(const std::string& email, std::string_view secret) {
    return fmt::format(R"({{"email":"{}","password":"{}"}})", email, secret);
}

}  // namespace afterresume::contract
