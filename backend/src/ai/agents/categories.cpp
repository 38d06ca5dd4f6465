#include "ai/agents/categories.h"

#include "ai/agents/markdown.h"
#include "ai/agents/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace afterresume::agents {

namespace {

struct Row {
    WorkCategory category;
    std::int64_t weight;
    std::string_view heading;
    std::string_view one;
    std::string_view many;
    std::string_view signs;  // folded words, between spaces
};

// In the order of WorkCategory.
constexpr auto rows = std::to_array<Row>({
    {WorkCategory::feature, 6, "New features", "new feature", "new features",
     " feature features prototype mvp launch endpoint ui frontend backend "},
    {WorkCategory::fix, 2, "Fixes", "fix", "fixes",
     " bug bugs bugfix regression crash crashes defect hotfix fehler incorrect broken "},
    {WorkCategory::performance, 7, "Performance", "performance improvement",
     "performance improvements",
     " performance latency throughput p50 p95 p99 faster benchmark memory speed slow "},
    {WorkCategory::security, 8, "Security", "security improvement", "security improvements",
     " security vulnerability vulnerabilities cve xss csrf injection authentication encryption "
     "audit permissions secrets sicherheit "},
    {WorkCategory::documentation, 0, "Documentation", "piece of documentation",
     "pieces of documentation",
     " docs documentation readme guide tutorial runbook wiki handbook manual dokumentation "},
    {WorkCategory::test, 2, "Testing", "test", "tests",
     " test tests testing coverage fixture fixtures e2e flaky qa "},
    {WorkCategory::refactoring, 2, "Refactoring", "refactoring", "refactorings",
     " refactor refactoring cleanup restructure technical debt duplication "},
    {WorkCategory::operations, 2, "Build and operations", "change to build and operations",
     "changes to build and operations",
     " deploy deployment pipeline ci cd docker kubernetes terraform monitoring alerting incident "
     "outage backup rollout infrastructure inventory logistics "},
    {WorkCategory::maintenance, -5, "Maintenance", "maintenance task", "maintenance tasks",
     " dependencies bump chore upgrade "},
    {WorkCategory::learning, 0, "Learning", "thing learned", "things learned",
     " til learned learnt course certification tutorial studied training "},
    {WorkCategory::research, 4, "Research", "piece of research", "pieces of research",
     " research analysis analysed experiment study survey hypothesis evaluated investigated "
     "dataset paper findings interviews "},
    {WorkCategory::design, 5, "Design", "design", "designs",
     " design wireframe wireframes mockup mockups figma prototype architecture usability branding "
     "layout "},
    {WorkCategory::meeting, -2, "Meetings and collaboration", "meeting", "meetings",
     " meeting meetings workshop standup retro retrospective call sync 1:1 discussed besprechung "},
    {WorkCategory::leadership, 8, "Leadership", "leadership task", "leadership tasks",
     " hired hiring team roadmap stakeholders strategy budget okr okrs led coordinated board "},
    {WorkCategory::teaching, 4, "Teaching and mentoring", "teaching task", "teaching tasks",
     " mentored mentoring students class lesson lessons taught coached onboarding onboarded "
     "curriculum "},
    {WorkCategory::support, 2, "Customers and support", "support task", "support tasks",
     " customer customers ticket tickets support helpdesk complaint complaints kunden client "
     "clients "},
    {WorkCategory::sales, 6, "Sales and business", "sales task", "sales tasks",
     " sales revenue deal deals pipeline quota lead leads campaign contract contracts renewal "
     "conversion pitch umsatz vertrag partner partners marketing "},
    {WorkCategory::finance, 4, "Finance", "finance task", "finance tasks",
     " invoice invoices reconciliation ledger forecast accounting tax budget closing audit payroll "
    },
    {WorkCategory::care, 4, "Care", "care task", "care tasks",
     " patient patients ward clinic treatment nursing medication triage therapy shift "},
    {WorkCategory::other, 0, "Other work", "other entry", "other entries", " "},
});

const Row& row_of(WorkCategory category) { return rows[static_cast<std::size_t>(category)]; }

bool has_sign(const Row& row, const std::string& folded) {
    if (folded.size() < 2) return false;
    return row.signs.find(' ' + folded + ' ') != std::string_view::npos;
}

// Verbs that tell the kind of work by themselves.
constexpr auto strong = std::to_array<std::pair<std::string_view, WorkCategory>>({
    {"fix", WorkCategory::fix},
    {"debug", WorkCategory::fix},
    {"resolve", WorkCategory::fix},
    {"correct", WorkCategory::fix},
    {"document", WorkCategory::documentation},
    {"refactor", WorkCategory::refactoring},
    {"test", WorkCategory::test},
    {"learn", WorkCategory::learning},
    {"deploy", WorkCategory::operations},
    {"mentor", WorkCategory::teaching},
    {"teach", WorkCategory::teaching},
    {"train", WorkCategory::teaching},
    {"hire", WorkCategory::leadership},
    {"sell", WorkCategory::sales},
    {"negotiate", WorkCategory::sales},
    {"meet", WorkCategory::meeting},
    {"discuss", WorkCategory::meeting},
    {"attend", WorkCategory::meeting},
    {"design", WorkCategory::design},
    {"research", WorkCategory::research},
    {"optimize", WorkCategory::performance},
    {"optimise", WorkCategory::performance},
    {"lead", WorkCategory::leadership},
    {"rename", WorkCategory::refactoring},
    {"simplify", WorkCategory::refactoring},
    {"extract", WorkCategory::refactoring},
    {"move", WorkCategory::refactoring},
    {"bump", WorkCategory::maintenance},
    {"upgrade", WorkCategory::maintenance},
    {"harden", WorkCategory::security},
    {"treat", WorkCategory::care},
    {"prevent", WorkCategory::fix},
    {"add", WorkCategory::feature},
    {"implement", WorkCategory::feature},
    {"introduce", WorkCategory::feature},
    {"build", WorkCategory::feature},
    {"launch", WorkCategory::feature},
    {"ship", WorkCategory::feature},
    {"create", WorkCategory::feature},
    {"support", WorkCategory::feature},
});

std::optional<WorkCategory> from_lemma(std::string_view lemma) {
    auto found = std::find_if(strong.begin(), strong.end(), [&](const auto& row) {
        return row.first == lemma;
    });
    if (found == strong.end()) return std::nullopt;
    return found->second;
}

}  // namespace

WorkCategory category_of(
    const EntryText& entry, const Statement& statement, const std::vector<ActionVerb>& verbs
) {
    if (statement.routine == Routine::changelog) return WorkCategory::documentation;
    if (statement.routine != Routine::none) return WorkCategory::maintenance;
    if (statement.category != WorkCategory::other &&
        statement.category != WorkCategory::maintenance)
        return statement.category;
    std::array<int, rows.size()> votes{};
    auto vote = [&](std::string_view text, int weight) {
        for (const auto& token : tokens(text)) {
            auto folded = fold(token.text);
            for (const auto& row : rows) {
                if (has_sign(row, folded)) votes[static_cast<std::size_t>(row.category)] += weight;
            }
        }
    };
    for (const auto& tag : entry.tags) vote(tag, 4);
    vote(statement.text, 2);
    vote(std::string_view(plain_text(entry.content).text).substr(0, 600), 1);
    if (auto own = from_lemma(statement.lemma)) votes[static_cast<std::size_t>(*own)] += 3;
    for (const auto& verb : verbs) {
        if (auto told = from_lemma(verb.lemma)) votes[static_cast<std::size_t>(*told)] += 1;
    }
    auto best = std::max_element(votes.begin(), votes.end());
    if (*best < 2) return statement.category;
    return static_cast<WorkCategory>(best - votes.begin());
}

std::int64_t weight_of(WorkCategory category) { return row_of(category).weight; }
std::string_view heading_of(WorkCategory category) { return row_of(category).heading; }
std::string counted(std::size_t count, WorkCategory category) {
    return fmt::format("{} {}", count, count == 1 ? row_of(category).one : row_of(category).many);
}

}  // namespace afterresume::agents
