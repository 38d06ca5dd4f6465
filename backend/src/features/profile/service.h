// The profile as a whole: read, exported, imported, and asked where a day's work belongs. Owned by
// app/.
#pragma once

#include "core/version.h"
#include "features/profile/repository.h"
#include "features/profile/schema.h"
#include "infra/events/events.h"

namespace afterresume::profile {

class Service {
public:
    Service(const Clock& clock, events::Events& events) : clock_(clock), events_(events) {}

    // Of the scope's user; empty when nothing was ever declared.
    Task<Profile> get(sql::Tx& tx, const Scope& scope);
    Task<Overview> overview(sql::Tx& tx, const Scope& scope);
    // `change` names the fields of Basics to set or, with null, to clear. Throws Error(invalid,
    // "request.invalid").
    Task<Overview> change_basics(sql::Tx& tx, const Scope& scope, Match seen, JsonObject change);

    // Load it once to place many entries.
    Task<Timeline> timeline(sql::Tx& tx, const Scope& scope);
    Task<std::optional<Id<Position>>> position_at(sql::Tx& tx, const Scope& scope, LocalDate day);
    Task<std::optional<Id<Project>>> project_at(sql::Tx& tx, const Scope& scope, LocalDate day);

    // A JSON Resume document with everything that the last import brought and nobody changed since.
    Task<JsonObject> export_resume_json(sql::Tx& tx, const Scope& scope);
    // Replaces the whole profile. What is recognisably the same (a position by employer, title and
    // start, a project by name and start, anything else when it is equal) keeps its id. Throws
    // Error(invalid, "request.invalid") with pointers into the document.
    Task<void> import_resume_json(
        sql::Tx& tx, const Scope& scope, const Json& document, Match seen = {}
    );

private:
    Task<void> replace_items(sql::Tx& tx, const Scope& scope, const Profile& wanted);

    const Clock& clock_;
    events::Events& events_;
    Repository rows_;
};

}  // namespace afterresume::profile
