#include "core/scope_mint.h"
#include "embedded/migrations.h"
#include "features/profile/testing.h"

namespace afterresume::profile {

namespace {

Task<std::vector<Uuid>> no_jobs() { co_return std::vector<Uuid>{}; }

}  // namespace

void OnProfiles::SetUp() {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    home.emplace(GetParam(), embedded::migrations());
    Identity identity;
    identity.tenant = ada().tenant();
    identity.user = UserId{12};
    identity.role = Role::owner;
    colleague_ = ScopeMint::mint(identity);
    events.follow_with([this](sql::Tx&, const Scope&, const events::Event& event) {
        recorded.push_back(event.name + " " + event.data);
        return no_jobs();
    });
}

Position a_position(
    std::string name, std::string title, std::string start, std::optional<std::string> end
) {
    Position position;
    position.name = std::move(name);
    position.position = std::move(title);
    position.start_date = PartialDate::parse(start).value();
    if (end) position.end_date = PartialDate::parse(*end).value();
    return position;
}

Skill a_skill(std::string name) {
    Skill skill;
    skill.name = std::move(name);
    return skill;
}

}  // namespace afterresume::profile
