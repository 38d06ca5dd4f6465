#include "workflows/composing.h"

#include "ai/agents/verifier.h"
#include "core/describe/reader.h"

#include <charconv>

namespace afterresume::workflows {

namespace {

std::int64_t number(const std::string& id) {
    std::int64_t value = 0;
    std::from_chars(id.data(), id.data() + id.size(), value);
    return value;
}

std::optional<std::string> text_of(const std::optional<profile::PartialDate>& date) {
    return date ? std::optional(date->text()) : std::nullopt;
}

std::optional<std::string> place_of(const std::optional<profile::Location>& location) {
    if (!location) return std::nullopt;
    std::string out;
    for (const auto* part : {&location->city, &location->region, &location->country_code}) {
        if (*part) out += (out.empty() ? "" : ", ") + **part;
    }
    return out.empty() ? std::nullopt : std::optional(out);
}

agents::CareerPosition position_of(const profile::Item<profile::Position>& item) {
    return {
        std::to_string(item.id.value),
        item.name.value_or(""),
        item.position.value_or(""),
        item.location,
        item.url,
        text_of(item.start_date),
        text_of(item.end_date),
        item.summary,
        item.highlights,
    };
}

agents::CareerProject project_of(const profile::Item<profile::Project>& item) {
    return {
        std::to_string(item.id.value), item.name.value_or(""), item.description, item.url,
        text_of(item.start_date),      text_of(item.end_date), item.highlights,  item.keywords,
    };
}

void read_analysis(const worklog::Entry& entry, agents::LoggedEntry& out) {
    if (!entry.analysis) return;
    auto analysis = describe::parse<agents::EntryAnalysis>(entry.analysis->text);
    out.category = analysis.category;
    out.impact = analysis.impact;
}

}  // namespace

std::vector<agents::LoggedEntry> logged_entries(
    const std::vector<worklog::Entry>& entries, const std::vector<skills::Skill>& skills
) {
    std::map<std::string, std::string> names;
    for (const auto& skill : skills) names.emplace(skill.slug, skill.name);
    std::vector<agents::LoggedEntry> out;
    for (const auto& entry : entries) {
        agents::LoggedEntry logged;
        logged.id = std::to_string(entry.id.value);
        logged.date = entry.occurred_on;
        logged.title = entry.title;
        logged.content = entry.content;
        logged.outcome = entry.outcome;
        logged.project = entry.project;
        if (entry.position_id) logged.position_id = std::to_string(*entry.position_id);
        logged.tags = entry.tags;
        for (const auto& slug : entry.skills) {
            if (auto name = names.find(slug); name != names.end())
                logged.skills.push_back(name->second);
        }
        read_analysis(entry, logged);
        out.push_back(std::move(logged));
    }
    return out;
}

agents::Career career_of(const profile::Profile& profile) {
    agents::Career career;
    const auto& basics = profile.basics;
    career.basics = {
        basics.name.value_or(""),  basics.label,  basics.email, basics.phone, basics.url,
        place_of(basics.location), basics.summary
    };
    for (const auto& item : profile.work) career.work.push_back(position_of(item));
    for (const auto& item : profile.projects) career.projects.push_back(project_of(item));
    for (const auto& item : profile.education) {
        career.education.push_back({
            item.institution.value_or(""),
            item.area,
            item.study_type,
            text_of(item.start_date),
            text_of(item.end_date),
            item.score,
            item.url,
            item.courses,
        });
    }
    for (const auto& item : profile.certificates)
        career.certificates.push_back(
            {item.name.value_or(""), text_of(item.date), item.issuer, item.url}
        );
    for (const auto& item : profile.awards)
        career.awards.push_back(
            {item.title.value_or(""), text_of(item.date), item.awarder, item.summary}
        );
    for (const auto& item : profile.publications) {
        career.publications.push_back(
            {item.name.value_or(""), item.publisher, text_of(item.release_date), item.url,
             item.summary}
        );
    }
    for (const auto& item : profile.languages)
        career.languages.push_back({item.language.value_or(""), item.fluency});
    return career;
}

reporting::Evidence entry_evidence(const std::string& id) {
    return {reporting::EvidenceKind::entry, number(id)};
}

void add_entries(Proofs& proofs, const std::vector<agents::LoggedEntry>& entries) {
    for (const auto& entry : entries)
        proofs.add(entry_evidence(entry.id), agents::evidence_of(entry));
}

void add_career(Proofs& proofs, const agents::Career& career) {
    using reporting::EvidenceKind;
    for (const auto& position : career.work)
        proofs.add({EvidenceKind::position, number(position.id)}, agents::evidence_of(position));
    for (const auto& project : career.projects)
        proofs.add({EvidenceKind::project, number(project.id)}, agents::evidence_of(project));
    proofs.add({EvidenceKind::profile, std::nullopt}, agents::profile_evidence(career));
}

reporting::Line Proofs::checked(
    std::string text, std::vector<reporting::Evidence> evidence,
    const std::vector<std::string>& computed
) const {
    std::vector<agents::Evidence> texts;
    for (const auto& name : evidence) {
        if (auto found = texts_.find(name); found != texts_.end()) texts.push_back(found->second);
    }
    auto verdict = agents::verify_line(text, texts, computed);
    reporting::Line line;
    line.text = std::move(text);
    line.verdict = verdict.kind == agents::VerdictKind::verified ? reporting::Verdict::verified
                                                                 : reporting::Verdict::unverified;
    line.words = std::move(verdict.words);
    line.evidence = std::move(evidence);
    return line;
}

std::vector<reporting::Evidence> Proofs::names() const {
    std::vector<reporting::Evidence> out;
    for (const auto& [name, text] : texts_) out.push_back(name);
    return out;
}

}  // namespace afterresume::workflows
