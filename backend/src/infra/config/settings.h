// Every setting of the program, typed and described once: the loader, validate-env, .env.example
// and docs/configuration.md all read these declarations. A field is the environment variable of its
// name in capitals.
#pragma once

#include "core/describe/notes.h"
#include "infra/config/types.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::config {

struct Settings {
    Environment environment = Environment::development;
    std::string data_dir = "./data";
    std::string host = "127.0.0.1";
    std::int64_t port = 8000;
    std::string public_url;
    std::vector<std::string> allowed_hosts;
    std::vector<std::string> trusted_proxies = {"127.0.0.0/8", "::1/128"};
    std::vector<std::string> admin_ip_allowlist;
    std::vector<std::string> csrf_trusted_origins;
    std::vector<std::string> cors_allowed_origins;
    bool staff_mfa_required = false;
    std::string secret_key;
    std::string service_to_service_secret;
    std::vector<std::string> service_to_service_secret_previous;
    bool skip_service_auth = false;
    std::string encryption_key;
    std::vector<std::string> encryption_keys_previous;
    std::string admin_email;
    std::string admin_password;
    std::string admin_username;
    SignupMode signup_mode = SignupMode::invite;
    std::string database_url;
    std::string database_owner_url;
    std::string postgres_host;
    std::int64_t postgres_port = 5432;
    std::string postgres_user;
    std::string postgres_password;
    std::string postgres_db;
    std::int64_t database_connections = 2;
    std::string database_listen_url;
    std::string redis_url;
    Rate rate_limit_user{50, 1, 200};
    Rate rate_limit_tenant{500, 1, 2000};
    Rate rate_limit_ip{20, 1, 100};
    Rate rate_limit_login{5, 60, 5};
    std::string email_host;
    std::int64_t email_port = 587;
    std::string email_host_user;
    std::string email_host_password;
    bool email_use_tls = true;
    std::string email_from;
    std::int64_t resume_debounce_s = 5;
    std::int64_t worker_concurrency = 8;
    std::vector<std::string> worker_queues;
    std::int64_t job_retention_days = 30;
    std::int64_t tenant_deletion_days = 7;
    bool workflow_auto_chain = true;
    bool system_dashboard_enabled = true;
    bool maintenance_mode = false;
    bool disable_sharing = false;
    LogLevel log_level = LogLevel::info;
    LogFormat log_format = LogFormat::text;
};
BOOST_DESCRIBE_STRUCT(
    Settings, (),
    (environment, data_dir, host, port, public_url, allowed_hosts, trusted_proxies,
     admin_ip_allowlist, csrf_trusted_origins, cors_allowed_origins, staff_mfa_required, secret_key,
     service_to_service_secret, service_to_service_secret_previous, skip_service_auth,
     encryption_key, encryption_keys_previous, admin_email, admin_password, admin_username,
     signup_mode, database_url, database_owner_url, postgres_host, postgres_port, postgres_user,
     postgres_password, postgres_db, database_connections, database_listen_url, redis_url,
     rate_limit_user, rate_limit_tenant, rate_limit_ip, rate_limit_login, email_host, email_port,
     email_host_user, email_host_password, email_use_tls, email_from, resume_debounce_s,
     worker_concurrency, worker_queues, job_retention_days, tenant_deletion_days,
     workflow_auto_chain, system_dashboard_enabled, maintenance_mode, disable_sharing, log_level,
     log_format)
)

constexpr auto notes(Settings*) {
    using namespace describe;
    using S = Settings;
    return std::tuple{
        note(
            &S::environment,
            "development or production; production insists on explicit keys and secure cookies"
        ),
        note(&S::data_dir, "Folder of the SQLite file, local storage and the generated secret"),
        note(&S::host, "Address to listen on"),
        note(&S::port, "Port to listen on; 0 takes a free one", range{0, 65535}),
        note(
            &S::public_url,
            "Where people reach the program; the only base of links. http://HOST:PORT when empty",
            format{"uri"}
        ),
        note(
            &S::allowed_hosts,
            "Accepted Host headers, comma separated; empty means the host of PUBLIC_URL, HOST and "
            "loopback"
        ),
        note(&S::trusted_proxies, "Networks whose X-Forwarded-For is believed, as CIDR"),
        note(
            &S::admin_ip_allowlist,
            "Networks from which /system, /api/admin and /metrics are there, as CIDR, comma "
            "separated; empty means all"
        ),
        note(
            &S::csrf_trusted_origins,
            "Other origins than PUBLIC_URL whose pages may have browsers sign in, refresh and "
            "operate by cookie, like https://admin.example.org, comma separated"
        ),
        note(
            &S::cors_allowed_origins,
            "Other origins whose pages may read answers below /api/, like "
            "https://page.example.org, comma separated; * for all. Cookies count for those alone "
            "that CSRF_TRUSTED_ORIGINS names too"
        ),
        note(
            &S::staff_mfa_required,
            "Whether operators are let into /system by a second factor alone; without one there is "
            "nothing there for them"
        ),
        note(
            &S::secret_key,
            "Signs tokens; at least 32 characters. Made on first start and kept in DATA_DIR "
            "outside production",
            secret{}
        ),
        note(
            &S::service_to_service_secret,
            "Common with the page's server, at least 32 characters, not SECRET_KEY: page sessions "
            "reach the API only with its X-Service-Token. Off when empty",
            secret{}
        ),
        note(
            &S::service_to_service_secret_previous,
            "Former SERVICE_TO_SERVICE_SECRETs, comma separated: tokens of them are still taken",
            secret{}
        ),
        note(
            &S::skip_service_auth,
            "Whether page sessions reach the API without the page's server; production wants this "
            "or the secret said"
        ),
        note(
            &S::encryption_key, "Wraps data keys; derived from SECRET_KEY outside production",
            secret{}
        ),
        note(
            &S::encryption_keys_previous,
            "Former ENCRYPTION_KEYs, comma separated: what they sealed stays readable", secret{}
        ),
        note(
            &S::admin_email,
            "E-mail address of the first owner or an operator, read by bootstrap and create-admin"
        ),
        note(&S::admin_password, "Their password, read by bootstrap and create-admin", secret{}),
        note(&S::admin_username, "Their display name, read by bootstrap and create-admin"),
        note(&S::signup_mode, "Whether signing up needs an invitation"),
        note(
            &S::database_url,
            "postgres://user:password@host:port/name or sqlite:///path; SQLite in DATA_DIR when "
            "empty",
            secret{}
        ),
        note(
            &S::database_owner_url, "PostgreSQL role that migrates; DATABASE_URL when empty",
            secret{}
        ),
        note(&S::postgres_host, "PostgreSQL host, as another way to give DATABASE_URL"),
        note(&S::postgres_port, "PostgreSQL port", range{1, 65535}),
        note(&S::postgres_user, "PostgreSQL user"),
        note(&S::postgres_password, "PostgreSQL password", secret{}),
        note(&S::postgres_db, "PostgreSQL database"),
        note(
            &S::database_connections, "Pipelined PostgreSQL connections; about one a core",
            range{1, 64}
        ),
        note(
            &S::database_listen_url,
            "postgres://… past a proxy that shares sessions, such as PgBouncer in transaction "
            "mode, for notifications between processes; says that DATABASE_URL leads to one",
            secret{}
        ),
        note(
            &S::redis_url,
            "redis://user:password@host:port/database or rediss:// for TLS; holds rate limits over "
            "all processes and wakes the workers of others. When empty each process limits by "
            "itself, and PostgreSQL wakes",
            secret{}
        ),
        note(&S::rate_limit_user, "Requests of one user, as rate/unit:burst with unit s, m or h"),
        note(&S::rate_limit_tenant, "Requests of one tenant"),
        note(&S::rate_limit_ip, "Requests of one address without sign-in"),
        note(&S::rate_limit_login, "Sign-in attempts of one account from one address"),
        note(
            &S::email_host,
            "Mail server that mails go through, by SMTP; they lie in DATA_DIR/outbox when empty"
        ),
        note(
            &S::email_port, "Its port; 465 speaks TLS from the first byte, others by STARTTLS",
            range{1, 65535}
        ),
        note(&S::email_host_user, "User name for the mail server, if it wants one"),
        note(&S::email_host_password, "Password for the mail server", secret{}),
        note(&S::email_use_tls, "Whether the mail server must speak TLS and prove who it is"),
        note(
            &S::email_from,
            "Sender of mails, as Name <address>; no-reply at the host of PUBLIC_URL when empty"
        ),
        note(
            &S::resume_debounce_s, "Quiet seconds after a change before the résumé is refreshed",
            range{0, 60}
        ),
        note(&S::worker_concurrency, "Jobs run at once by one process", range{1, 256}),
        note(&S::worker_queues, "Queues this worker serves, comma separated; empty means all"),
        note(&S::job_retention_days, "Days that finished jobs are kept", range{1, 3650}),
        note(
            &S::tenant_deletion_days,
            "Days in which an owner can have a deleted tenant back, before it goes for good",
            range{0, 365}
        ),
        note(
            &S::workflow_auto_chain,
            "Whether an analysed entry leads to skills and a fresh résumé by itself"
        ),
        note(
            &S::system_dashboard_enabled,
            "Whether operators see the installation under /system; without it there is nothing "
            "there"
        ),
        note(
            &S::maintenance_mode,
            "Whether nobody is let in but operators; true wins over what is switched at run time"
        ),
        note(
            &S::disable_sharing,
            "Whether no share link is made and none leads anywhere; true wins over what is "
            "switched at run time"
        ),
        note(&S::log_level, "Least level that is logged"),
        note(&S::log_format, "text or json"),
    };
}

}  // namespace afterresume::config
