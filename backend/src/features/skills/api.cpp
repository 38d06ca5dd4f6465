#include "features/skills/api.h"

namespace afterresume::skills {

http::Routes Api::routes() {
    return {
        get("/api/skills/", "List your skills, strongest first", Permission::read, &Api::list),
        post("/api/skills/", "Add a skill by hand", Permission::write, &Api::create),
        post(
            "/api/skills/recompute/", "Look for skills in every entry again", Permission::write,
            &Api::recompute
        ),
        post("/api/skills/merge/", "Make skills part of another", Permission::write, &Api::merge),
        get("/api/skills/timeline/", "Skills by month, with their first appearance",
            Permission::read, &Api::timeline),
        get("/api/skills/clusters/", "Skills that are used together", Permission::read,
            &Api::clusters),
        get("/api/skills/{id}/", "Read a skill and why it has its level", Permission::read,
            &Api::read),
        patch("/api/skills/{id}/", "Rename, hide or pin a skill", Permission::write, &Api::edit),
        remove(
            "/api/skills/{id}/", "Delete a skill that no entry shows", Permission::write,
            &Api::remove_skill
        ),
        get("/api/skills/{id}/evidence/", "The passages that show a skill", Permission::read,
            &Api::evidence),
    };
}

Task<SkillPage> Api::list(http::Call& call, ListSkills query) {
    co_return co_await skills_.list(call.tx(), call.scope(), std::move(query));
}

Task<http::Created<Skill>> Api::create(http::Call& call, CreateSkill wanted) {
    auto skill = co_await skills_.create(call.tx(), call.scope(), std::move(wanted));
    auto location = fmt::format("/api/skills/{}/", skill.id.value);
    auto version = skill.version;
    co_return http::Created<Skill>{std::move(skill), std::move(location), version};
}

Task<http::Versioned<Skill>> Api::read(http::Call& call, Id<Skill> id) {
    co_return http::versioned(co_await skills_.get(call.tx(), call.scope(), id));
}

Task<http::Versioned<Skill>> Api::edit(http::Call& call, Id<Skill> id, EditSkill change) {
    co_return http::versioned(
        co_await skills_.edit(call.tx(), call.scope(), id, call.match(), std::move(change))
    );
}

Task<http::NoContent> Api::remove_skill(http::Call& call, Id<Skill> id) {
    co_await skills_.remove(call.tx(), call.scope(), id, call.match());
    co_return http::NoContent{};
}

Task<EvidencePage> Api::evidence(http::Call& call, Id<Skill> id, ListEvidence query) {
    co_return co_await skills_.evidence(call.tx(), call.scope(), id, std::move(query));
}

Task<http::Versioned<Skill>> Api::merge(http::Call& call, MergeSkills merge) {
    co_return http::versioned(co_await skills_.merge(call.tx(), call.scope(), std::move(merge)));
}

Task<http::Accepted> Api::recompute(http::Call& call) {
    auto jobs = co_await skills_.ask_recompute(call.tx(), call.scope());
    if (jobs.empty())
        throw Error(
            ErrorKind::unavailable, "skills.no_extraction",
            "This program looks for no skills at the moment."
        );
    co_return http::Accepted{jobs.front()};
}

Task<Timeline> Api::timeline(http::Call& call) {
    co_return co_await skills_.timeline(call.tx(), call.scope());
}

Task<Clusters> Api::clusters(http::Call& call) {
    co_return co_await skills_.clusters(call.tx(), call.scope());
}

}  // namespace afterresume::skills
