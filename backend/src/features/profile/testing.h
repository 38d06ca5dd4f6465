// A profile service over a fresh database of either engine, with the events that it recorded. Owned
// by the test.
#pragma once

#include "features/profile/sections.h"
#include "features/profile/service.h"
#include "infra/sql/testing.h"

#include <optional>
#include <string>
#include <vector>

namespace afterresume::profile {

class OnProfiles : public sql::OnBothDatabases {
protected:
    void SetUp() override;

    // In a transaction of its own, which is committed. `work` takes it and gives the task to run.
    template <class Work>
    auto in_transaction(const Scope& scope, sql::Access access, Work work) {
        auto tx = home->database().begin(scope, access);
        using Result = typename std::invoke_result_t<Work, sql::Tx&>::value_type;
        if constexpr (std::is_void_v<Result>) {
            home->run(work(*tx));
            home->run(tx->commit());
        } else {
            auto result = home->run(work(*tx));
            home->run(tx->commit());
            return result;
        }
    }
    void import(const Scope& scope, const Json& document, Match seen = {}) {
        in_transaction(scope, sql::Access::write, [&](sql::Tx& tx) {
            return profiles.import_resume_json(tx, scope, document, seen);
        });
    }
    Json exported(const Scope& scope) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return profiles.export_resume_json(tx, scope);
        });
    }
    Profile profile_of(const Scope& scope) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return profiles.get(tx, scope);
        });
    }
    template <class T>
    Item<T> add(const Scope& scope, T value, std::optional<std::int64_t> place = {}) {
        Draft<T> draft{std::move(value), {place}};
        return in_transaction(scope, sql::Access::write, [&](sql::Tx& tx) {
            return sections.add<T>(tx, scope, draft);
        });
    }
    template <class T>
    Item<T> change(const Scope& scope, Match seen, Id<T> id, const char* json) {
        auto fields = describe::parse<JsonObject>(json);
        return in_transaction(scope, sql::Access::write, [&](sql::Tx& tx) {
            return sections.change<T>(tx, scope, seen, id, fields);
        });
    }
    template <class T>
    Page<Item<T>> list(const Scope& scope, ListItems wanted = {}) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return sections.list<T>(tx, scope, wanted);
        });
    }
    template <class T>
    Item<T> read(const Scope& scope, Id<T> id) {
        return in_transaction(scope, sql::Access::read, [&](sql::Tx& tx) {
            return sections.get<T>(tx, scope, id);
        });
    }

    const Scope& ada() const { return home->alice(); }
    const Scope& bob() const { return home->bob(); }
    // Of Ada's tenant.
    const Scope& colleague() const { return colleague_.value(); }

    ManualClock clock{Timestamp(std::chrono::sys_days(std::chrono::year{2026} / 3 / 2))};
    events::Events events{clock};
    Service profiles{clock, events};
    Sections sections{clock, events};
    // Name and data of each event, in order.
    std::vector<std::string> recorded;
    std::optional<sql::ScratchDatabase> home;

private:
    std::optional<Scope> colleague_;
};

Position a_position(
    std::string name, std::string title, std::string start, std::optional<std::string> end = {}
);
Skill a_skill(std::string name);

// What `act` throws; the test fails when it throws nothing.
template <class Act>
Error error_of(Act act) {
    try {
        act();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorKind::internal, "test.nothing_thrown", "Nothing was thrown.");
}

}  // namespace afterresume::profile
