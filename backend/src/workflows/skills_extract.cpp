#include "workflows/skills_extract.h"

#include "ai/agents/skill_level.h"

namespace afterresume::workflows {

namespace {

constexpr std::int64_t entries_at_once = 400;
// Guesses below this are shown by `skills extract`, and kept out of what a person is said to know.
constexpr double least_confidence = 0.5;

skills::Level level_at(LocalDate today, const std::vector<skills::Use>& uses) {
    std::vector<agents::SkillUse> seen;
    for (const auto& use : uses) seen.push_back({use.occurred_on, use.confidence, use.outcome});
    auto level = agents::skill_level(seen, today);
    return {level.level, std::move(level.why)};
}

}  // namespace

const SkillMatching::Tools& SkillMatching::tools() {
    std::call_once(made_, [this] { tools_ = std::make_unique<Tools>(); });
    return *tools_;
}

std::vector<skills::Finding> SkillMatching::find(skills::Field field, const std::string& text) {
    std::vector<skills::Finding> out;
    const auto& [taxonomy, matcher] = tools();
    for (auto& match : matcher.find(text)) {
        if (!match.known || match.confidence < least_confidence) continue;
        auto add = [&](const std::string& slug) {
            const auto* skill = taxonomy.find_by_slug(slug);
            if (skill == nullptr) return;
            out.push_back({
                slug,
                skill->name,
                skill->category,
                true,
                field,
                static_cast<std::int64_t>(match.start),
                static_cast<std::int64_t>(match.end),
                match.text,
                match.confidence,
            });
        };
        add(match.slug);
        for (const auto& other : match.also) add(other);
    }
    return out;
}

orchestration::Plan SkillsExtract::steps() const {
    return {{.name = "match", .sentence = "Found the skills that the entries show"}};
}

std::vector<std::vector<skills::Finding>> SkillsExtract::match(
    const std::vector<worklog::Pending>& entries
) {
    std::vector<std::vector<skills::Finding>> out;
    for (const auto& entry : entries) {
        auto& found = out.emplace_back();
        auto look = [&](skills::Field field, const std::string& text) {
            for (auto& finding : matching_.find(field, text)) found.push_back(std::move(finding));
        };
        if (entry.deleted) continue;
        if (entry.title) look(skills::Field::title, *entry.title);
        look(skills::Field::content, entry.content);
        if (entry.outcome) look(skills::Field::outcome, *entry.outcome);
    }
    return out;
}

Task<void> SkillsExtract::run(orchestration::Run& run, ExtractArgs) {
    auto scope = run.scope();
    auto load = [&](sql::Tx& tx) { return worklogs_.pending(tx, scope, entries_at_once); };
    auto entries = co_await run.read(load);
    auto find = [this](const std::vector<worklog::Pending>& given) { return match(given); };
    auto findings =
        co_await run.step<std::vector<std::vector<skills::Finding>>>("match", entries, find);
    std::vector<skills::EntryFindings> found;
    for (std::size_t i = 0; i < entries.size(); ++i)
        found.push_back({std::move(entries[i]), std::move(findings.at(i))});
    auto stored = [&](sql::Tx& tx) { return store(tx, run, found); };
    co_await run.finish(stored);
}

Task<ExtractResult> SkillsExtract::store(
    sql::Tx& tx, orchestration::Run& run, const std::vector<skills::EntryFindings>& found
) {
    auto today = local_date(clock_.now(), run.scope().time_zone());
    auto level_of = [today](const std::vector<skills::Use>& uses) { return level_at(today, uses); };
    auto count = co_await skills_.store(tx, run.scope(), found, level_of);
    if (static_cast<std::int64_t>(found.size()) == entries_at_once) {
        jobs::NewJob next;
        next.type = run.job().type;
        co_await queue_.enqueue(tx, run.origin(), std::move(next));
    }
    co_return ExtractResult{static_cast<std::int64_t>(found.size()), count};
}

}  // namespace afterresume::workflows
