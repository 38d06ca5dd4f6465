// Ada with a report and a résumé in a tenant of hers, on each database, and the links that she
// makes of them.
#pragma once

#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "features/reporting/testing.h"
#include "features/sharing/opening.h"
#include "infra/sql/testing.h"

#include <optional>

namespace afterresume::sharing {

// As the database's time goes on by itself, tests begin at that of the machine.
class SharingTest : public sql::OnBothDatabases {
protected:
    void SetUp() override {
        OnBothDatabases::SetUp();
        if (IsSkipped()) return;
        home.emplace(GetParam(), embedded::migrations());
        auto& database = home->database();
        quotas.emplace(database, std::map<std::string, tenants::Limits>{}, clock);
        guesses.emplace(database, clock);
        Service::Parts making{links, reports, tenants, *quotas, hashing, audit, clock};
        shares.emplace(making, "https://example.org");
        shares->ask_whether_off([this](TenantId) { return whether_off(); });
        Opening::Parts parts{database, links, *shares, reports, hashing, *guesses, clock};
        opening.emplace(parts);
        home->run(founded());
    }
    Task<bool> whether_off() { co_return is_off; }
    static Scope scope_of(std::int64_t user, std::int64_t tenant = 1) {
        Identity identity;
        identity.tenant = TenantId{tenant};
        identity.user = UserId{user};
        identity.role = Role::member;
        return ScopeMint::mint(identity);
    }

    Task<void> founded() {
        static constexpr sql::Statement statement{
            "test.user", R"sql(
            INSERT INTO app_user (id, email, email_folded, password_hash, display_name, time_zone, locale, is_staff,
                                  is_active, created_at, updated_at)
            VALUES (:user_id, 'ada@example.org', 'ada@example.org', '', 'Ada', 'UTC', 'en', FALSE, TRUE, :now, :now))sql"
        };
        auto tx = home->database().begin(ada, sql::Access::write);
        tx->defer(statement, ada, sql::named("now", clock.now()));
        co_await tenants.create(*tx, ada, "Engines");
        co_await tenants.join(*tx, ada, Role::member);
        co_await tx->commit();
    }
    // Another version where there is one.
    Id<reporting::Report> store(reporting::Kind kind, reporting::Content content) {
        reporting::Draft draft{kind, std::nullopt, "Of March", std::move(content)};
        if (kind != reporting::Kind::resume)
            draft.window = reporting::Window{LocalDate(2026, 3, 1), LocalDate(2026, 3, 31)};
        return home->run(stored(std::move(draft)));
    }
    Task<Id<reporting::Report>> stored(reporting::Draft draft) {
        auto tx = home->database().begin(ada, sql::Access::write);
        auto kept = co_await reports.store(*tx, ada, std::move(draft), {});
        co_await tx->commit();
        co_return kept.report.id;
    }
    Id<reporting::Report> store_line(std::string text) {
        return store(
            reporting::Kind::status,
            reporting::a_content(
                {reporting::a_section("shop", {reporting::a_line(std::move(text), {1})})}
            )
        );
    }

    static CreateShare of(Id<reporting::Report> report) {
        CreateShare wanted;
        wanted.report_id = report;
        return wanted;
    }
    MadeShare make(CreateShare wanted) { return home->run(made(ada, std::move(wanted))); }
    Task<MadeShare> made(Scope scope, CreateShare wanted) {
        auto prepared = co_await shares->prepare(scope, std::move(wanted));
        auto tx = home->database().begin(scope, sql::Access::write);
        auto share = co_await shares->make(*tx, scope, origin, std::move(prepared));
        co_await tx->commit();
        co_return share;
    }
    Opened open(const std::string& token, std::optional<std::string> password = std::nullopt) {
        return home->run(opening->open(token, std::move(password), Uuid::random()));
    }
    Opened look(const std::string& token, Counting counting) {
        return home->run(opening->open(token, std::nullopt, Uuid::random(), counting));
    }
    // In a transaction of ada's.
    void execute(const sql::Statement& statement, sql::Arguments more = {}) {
        home->run(executed(statement, std::move(more)));
    }
    Task<void> executed(const sql::Statement& statement, sql::Arguments more) {
        auto tx = home->database().begin(ada, sql::Access::write);
        co_await tx->execute(statement, ada, more);
        co_await tx->commit();
    }
    void revoke(Id<ShareLink> id) { home->run(revoked(id)); }
    Task<void> revoked(Id<ShareLink> id) {
        auto tx = home->database().begin(ada, sql::Access::write);
        co_await shares->revoke(*tx, ada, origin, id);
        co_await tx->commit();
    }
    ShareLink edit(Id<ShareLink> id, EditShare change, Match match = {}) {
        return home->run(edited(id, std::move(change), match));
    }
    Task<ShareLink> edited(Id<ShareLink> id, EditShare change, Match match) {
        auto tx = home->database().begin(ada, sql::Access::write);
        auto link = co_await shares->edit(*tx, ada, origin, id, match, std::move(change));
        co_await tx->commit();
        co_return link;
    }
    SharePage list(ListMore query = {}) { return home->run(listed(query)); }
    Task<SharePage> listed(ListMore query) {
        auto tx = home->database().begin(ada, sql::Access::read);
        co_return co_await shares->list(*tx, ada, query);
    }
    ViewPage views(Id<ShareLink> id) { return home->run(viewed(id)); }
    Task<ViewPage> viewed(Id<ShareLink> id) {
        auto tx = home->database().begin(ada, sql::Access::read);
        co_return co_await shares->views(*tx, ada, id, {});
    }
    std::vector<auditing::Act> recorded() { return home->run(acts()); }
    Task<std::vector<auditing::Act>> acts() {
        auto tx = home->database().begin(ada, sql::Access::read);
        auto page = co_await audit.list(*tx, ada, 100, std::nullopt);
        std::vector<auditing::Act> out;
        for (const auto& event : page.items) out.push_back(event.name);
        co_return out;
    }

    const Scope ada = scope_of(11);
    const auditing::Origin origin{"192.0.2.7", "Laptop"};
    ManualClock clock{SystemClock().now()};
    auditing::Service audit{clock};
    tenants::Service tenants{audit, clock};
    events::Events events{clock};
    worklog::Repository entries;
    worklog::Service worklogs{entries, events, clock};
    profile::Service profiles{clock, events};
    reporting::Repository report_rows;
    reporting::Service reports{report_rows, worklogs, profiles, events, clock};
    accounts::Hashing hashing{1};
    Repository links;
    bool is_off = false;
    std::optional<sql::ScratchDatabase> home;
    std::optional<tenants::Quotas> quotas;
    std::optional<accounts::Guesses> guesses;
    std::optional<Service> shares;
    std::optional<Opening> opening;
};

}  // namespace afterresume::sharing
