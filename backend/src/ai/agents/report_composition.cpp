#include "ai/agents/report_composition.h"

#include "ai/agents/categories.h"
#include "ai/agents/ordered.h"
#include "ai/agents/report_lines.h"
#include "ai/agents/telling.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace afterresume::agents {

namespace {

// How much a reader of each kind wants to read.
struct Shape {
    std::size_t per_entry;   // statements taken from one entry
    std::size_t highlights;  // 0: no such section
    std::size_t projects;    // sections of their own
    std::size_t per_project;
    std::size_t learned;
    std::size_t skills;
    std::size_t outlook;  // lines for next steps and blockers each
};

Shape shape_of(ReportKind kind) {
    switch (kind) {
        case ReportKind::standup:
            return {3, 0, 1, 7, 2, 0, 5};
        case ReportKind::status:
            return {2, 3, 5, 4, 3, 0, 5};
        case ReportKind::weekly:
            return {2, 3, 6, 5, 3, 0, 5};
        case ReportKind::summary:
            return {1, 5, 6, 4, 4, 6, 3};
        case ReportKind::monthly:
            return {1, 5, 8, 4, 5, 8, 0};
        case ReportKind::self_review:
            return {1, 10, 6, 3, 6, 10, 0};
    }
    return {};
}

class ReportComposer {
public:
    explicit ReportComposer(const ReportRequest& request)
        : request_(request), shape_(shape_of(request.kind)) {}

    ReportDraft compose() && {
        draft_.title = title();
        for (const auto& entry : request_.entries) {
            if (entry.date >= request_.from && entry.date <= request_.to) entries_.push_back(entry);
        }
        sort_stably(entries_, [](const auto& a, const auto& b) { return a.date < b.date; });
        if (entries_.empty()) return std::move(draft_);
        gather();
        if (request_.kind == ReportKind::standup) {
            standup();
        } else {
            periodic();
        }
        return std::move(draft_);
    }

private:
    std::string title() const {
        auto when = period(request_.from, request_.to);
        std::string of = request_.person ? ", " + *request_.person : std::string();
        switch (request_.kind) {
            case ReportKind::standup:
                return fmt::format(
                    "Stand-up, {} {}{}", weekday_name(request_.to),
                    period(request_.to, request_.to), of
                );
            case ReportKind::status:
                return fmt::format("Status, {}{}", when, of);
            case ReportKind::summary:
                return fmt::format("Summary, {}{}", when, of);
            case ReportKind::weekly:
                return fmt::format("Week of {}{}", when, of);
            case ReportKind::monthly:
                return fmt::format("Monthly report, {}{}", when, of);
            case ReportKind::self_review:
                return fmt::format("Self-review, {}{}", when, of);
        }
        return when;
    }

    // Splits what was said into lines worth telling, things learned, and upkeep.
    void gather() {
        auto all = tell(entries_, shape_.per_entry);
        for (const auto& telling : all) {
            if (telling.main) everything_.push_back(telling);
        }
        std::vector<Telling> told;
        for (auto& telling : all) {
            auto& bin =
                telling.routine() ? routine_
                : telling.category == WorkCategory::learning && telling.statement.lemma == "learn"
                    ? learned_
                    : told;
            bin.push_back(std::move(telling));
        }
        told_ = without_repetitions(std::move(told), 0.6);
        learned_ = without_repetitions(std::move(learned_), 0.6);
        rank(told_);
        rank(learned_);
    }

    static ReportLine line_of(const Telling& telling, bool with_scope) {
        ReportLine line{telling.text, telling.evidence, {}};
        const auto& scope = telling.statement.scope;
        bool short_scope = scope && scope->size() <= 24 && scope->find(',') == std::string::npos &&
                           scope->find(' ') == std::string::npos;
        bool said = scope && fold(telling.text).find(fold(*scope)) != std::string::npos;
        bool same = scope && fold(*scope) == fold(telling.project());
        if (with_scope && short_scope && !said && !same && telling.text.size() < 70 &&
            telling.text.back() != ')')
            line.text += fmt::format(" ({})", *scope);
        return line;
    }

    void section(std::string heading, std::vector<ReportLine> lines) {
        if (!lines.empty()) draft_.sections.push_back({std::move(heading), std::move(lines)});
    }

    void standup() {
        std::vector<ReportLine> done;
        std::set<std::string> projects;
        for (const auto& telling : told_) projects.insert(telling.project());
        std::vector<Telling> rest;
        for (const auto& telling : told_) {
            if (done.size() >= shape_.per_project) {
                rest.push_back(telling);
                continue;
            }
            auto line = line_of(telling, true);
            if (projects.size() > 1 && !telling.project().empty())
                line.text = telling.project() + ": " + lower_first(line.text);
            done.push_back(std::move(line));
        }
        for (std::size_t i = 0; i < learned_.size() && i < shape_.learned; ++i)
            done.push_back(line_of(learned_[i], false));
        if (auto line = remainder(rest, "Besides:")) done.push_back(std::move(*line));
        if (auto line = upkeep(routine_)) done.push_back(std::move(*line));
        section("Done", std::move(done));
        outlook();
    }

    void periodic() {
        if (!everything_.empty()) draft_.intro = overview(everything_);
        highlights();
        if (request_.kind == ReportKind::monthly || request_.kind == ReportKind::self_review)
            numbers();
        projects();
        if (request_.kind == ReportKind::self_review)
            section("Through the year", quarter_lines(everything_));
        std::vector<ReportLine> lines;
        for (std::size_t i = 0; i < learned_.size() && i < shape_.learned; ++i)
            lines.push_back(line_of(learned_[i], false));
        if (learned_.size() > shape_.learned) {
            if (auto rest = more(std::span(learned_).subspan(shape_.learned)))
                lines.push_back(std::move(*rest));
        }
        section("Learned", std::move(lines));
        section(
            request_.kind == ReportKind::self_review ? "Skills shown" : "Skills used",
            skill_lines(everything_, shape_.skills)
        );
        if (auto line = upkeep(routine_)) section("Upkeep", {std::move(*line)});
        outlook();
    }

    // The strongest lines, no more than two of a project while others wait.
    void highlights() {
        if (told_.size() < 2 * shape_.highlights) return;
        std::vector<ReportLine> lines;
        std::map<std::string, std::size_t> taken;
        for (auto& telling : told_) {
            if (lines.size() >= shape_.highlights) break;
            if (!telling.statement.acts || telling.impact < 30 ||
                taken[telling.project()] >= std::max<std::size_t>(2, shape_.highlights / 3))
                continue;
            ++taken[telling.project()];
            used_.insert(&telling);
            auto line = line_of(telling, false);
            if (!telling.project().empty() && several_projects())
                line.text += fmt::format(" ({})", telling.project());
            lines.push_back(std::move(line));
        }
        section(
            request_.kind == ReportKind::self_review ? "Achievements" : "Highlights",
            std::move(lines)
        );
    }

    bool several_projects() const {
        return std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
            return entry.project != entries_.front().project;
        });
    }

    void numbers() {
        std::vector<ReportLine> lines;
        for (const auto& telling : told_) {
            if (!telling.measured || used_.contains(&telling) || lines.size() >= 6) continue;
            used_.insert(&telling);
            lines.push_back(line_of(telling, false));
        }
        section("In numbers", std::move(lines));
    }

    // By project, else by kind of work; the rest of each is counted.
    void projects() {
        auto several = std::any_of(told_.begin(), told_.end(), [](const auto& telling) {
            return !telling.project().empty();
        });
        std::vector<std::pair<std::string, std::vector<Telling>>> groups;
        for (const auto& telling : told_) {
            auto name = several ? telling.project() : std::string(heading_of(telling.category));
            if (name.empty()) name = "Other work";
            auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
                return group.first == name;
            });
            if (found == groups.end()) found = groups.insert(groups.end(), {name, {}});
            if (!used_.contains(&telling)) found->second.push_back(telling);
        }
        sort_stably(groups, [](const auto& a, const auto& b) {
            return a.second.size() > b.second.size();
        });
        std::vector<Telling> rest;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (i >= shape_.projects) {
                rest.insert(rest.end(), groups[i].second.begin(), groups[i].second.end());
            } else {
                group(groups[i].first, groups[i].second);
            }
        }
        if (auto line = remainder(rest, "Besides:"))
            section(several ? "Other projects" : "Other", {std::move(*line)});
    }

    void group(const std::string& name, std::span<const Telling> tellings) {
        std::vector<ReportLine> lines;
        // One line more costs less than a count of one.
        auto shown =
            tellings.size() <= shape_.per_project + 1 ? tellings.size() : shape_.per_project;
        for (const auto& telling : tellings.first(shown)) lines.push_back(line_of(telling, true));
        if (auto rest = remainder(tellings.subspan(shown), "Also"))
            lines.push_back(std::move(*rest));
        section(name, std::move(lines));
    }

    void outlook() {
        auto lines = outlook_lines(entries_, shape_.outlook);
        section("Next", std::move(lines.next));
        section("Blockers", std::move(lines.blocked));
    }

    const ReportRequest& request_;
    Shape shape_;
    ReportDraft draft_;
    std::vector<LoggedEntry> entries_;
    std::vector<Telling> everything_;
    std::vector<Telling> told_;
    std::vector<Telling> learned_;
    std::vector<Telling> routine_;
    std::set<const Telling*> used_;
};

}  // namespace

ReportDraft compose_report(const ReportRequest& request) {
    return ReportComposer(request).compose();
}

}  // namespace afterresume::agents
