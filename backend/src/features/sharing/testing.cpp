#include "features/sharing/testing.h"

#include "core/scope_mint.h"
#include "embedded/migrations.h"

namespace afterresume::sharing {

void SharingTest::SetUp() {
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

Task<bool> SharingTest::whether_off() { co_return is_off; }

Scope SharingTest::scope_of(std::int64_t user, std::int64_t tenant) {
    Identity identity;
    identity.tenant = TenantId{tenant};
    identity.user = UserId{user};
    identity.role = Role::member;
    return ScopeMint::mint(identity);
}

Task<void> SharingTest::founded() {
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

Id<reporting::Report> SharingTest::store(reporting::Kind kind, reporting::Content content) {
    reporting::Draft draft{kind, std::nullopt, "Of March", std::move(content)};
    if (kind != reporting::Kind::resume)
        draft.window = reporting::Window{LocalDate(2026, 3, 1), LocalDate(2026, 3, 31)};
    return home->run(stored(std::move(draft)));
}

Task<Id<reporting::Report>> SharingTest::stored(reporting::Draft draft) {
    auto tx = home->database().begin(ada, sql::Access::write);
    auto kept = co_await reports.store(*tx, ada, std::move(draft), {});
    co_await tx->commit();
    co_return kept.report.id;
}

Id<reporting::Report> SharingTest::store_line(std::string text) {
    return store(
        reporting::Kind::status,
        reporting::a_content(
            {reporting::a_section("shop", {reporting::a_line(std::move(text), {1})})}
        )
    );
}

CreateShare SharingTest::of(Id<reporting::Report> report) {
    CreateShare wanted;
    wanted.report_id = report;
    return wanted;
}

MadeShare SharingTest::make(CreateShare wanted) { return home->run(made(ada, std::move(wanted))); }

Task<MadeShare> SharingTest::made(Scope scope, CreateShare wanted) {
    auto prepared = co_await shares->prepare(scope, std::move(wanted));
    auto tx = home->database().begin(scope, sql::Access::write);
    auto share = co_await shares->make(*tx, scope, origin, std::move(prepared));
    co_await tx->commit();
    co_return share;
}

Opened SharingTest::open(const std::string& token, std::optional<std::string> password) {
    return home->run(opening->open(token, std::move(password), Uuid::random()));
}

Opened SharingTest::look(const std::string& token, Counting counting) {
    return home->run(opening->open(token, std::nullopt, Uuid::random(), counting));
}

void SharingTest::execute(const sql::Statement& statement, sql::Arguments more) {
    home->run(executed(statement, std::move(more)));
}

Task<void> SharingTest::executed(const sql::Statement& statement, sql::Arguments more) {
    auto tx = home->database().begin(ada, sql::Access::write);
    co_await tx->execute(statement, ada, more);
    co_await tx->commit();
}

void SharingTest::revoke(Id<ShareLink> id) { home->run(revoked(id)); }

Task<void> SharingTest::revoked(Id<ShareLink> id) {
    auto tx = home->database().begin(ada, sql::Access::write);
    co_await shares->revoke(*tx, ada, origin, id, {});
    co_await tx->commit();
}

ShareLink SharingTest::edit(Id<ShareLink> id, EditShare change, Match match) {
    return home->run(edited(id, std::move(change), match));
}

Task<ShareLink> SharingTest::edited(Id<ShareLink> id, EditShare change, Match match) {
    auto tx = home->database().begin(ada, sql::Access::write);
    auto link = co_await shares->edit(*tx, ada, origin, id, match, std::move(change));
    co_await tx->commit();
    co_return link;
}

SharePage SharingTest::list(ListMore query) { return home->run(listed(query)); }

Task<SharePage> SharingTest::listed(ListMore query) {
    auto tx = home->database().begin(ada, sql::Access::read);
    co_return co_await shares->list(*tx, ada, query);
}

ViewPage SharingTest::views(Id<ShareLink> id) { return home->run(viewed(id)); }

Task<ViewPage> SharingTest::viewed(Id<ShareLink> id) {
    auto tx = home->database().begin(ada, sql::Access::read);
    co_return co_await shares->views(*tx, ada, id, {});
}

std::vector<auditing::Act> SharingTest::recorded() { return home->run(acts()); }

Task<std::vector<auditing::Act>> SharingTest::acts() {
    auto tx = home->database().begin(ada, sql::Access::read);
    auto page = co_await audit.list(*tx, ada, 100, std::nullopt);
    std::vector<auditing::Act> out;
    for (const auto& event : page.items) out.push_back(event.name);
    co_return out;
}

}  // namespace afterresume::sharing
