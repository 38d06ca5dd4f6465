// Skills over HTTP.
#pragma once

#include "features/skills/service.h"
#include "infra/http/route.h"

namespace afterresume::skills {

class Api : public http::Controller<Api> {
public:
    explicit Api(Service& skills) : skills_(skills) {}
    http::Routes routes();

private:
    Task<SkillPage> list(http::Call& call, ListSkills query);
    Task<http::Created<Skill>> create(http::Call& call, CreateSkill wanted);
    Task<http::Versioned<Skill>> read(http::Call& call, Id<Skill> id);
    Task<http::Versioned<Skill>> edit(http::Call& call, Id<Skill> id, EditSkill change);
    Task<http::NoContent> remove_skill(http::Call& call, Id<Skill> id);
    Task<EvidencePage> evidence(http::Call& call, Id<Skill> id, ListEvidence query);
    Task<http::Versioned<Skill>> merge(http::Call& call, MergeSkills merge);
    Task<http::Accepted> recompute(http::Call& call);
    Task<Timeline> timeline(http::Call& call);
    Task<Clusters> clusters(http::Call& call);

    Service& skills_;
};

}  // namespace afterresume::skills
