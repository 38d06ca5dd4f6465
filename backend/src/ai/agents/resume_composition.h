// Composes a résumé from a declared career, the work log and the skills. Pure; every generated line
// names its evidence, and what was declared is passed on untouched.
#pragma once

#include "ai/agents/career.h"
#include "ai/agents/logged_entry.h"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace afterresume::agents {

struct KnownSkill {
    std::string name;
    std::string category;
    std::int64_t level = 0;             // 0 to 5
    std::vector<std::string> evidence;  // entry ids
};
BOOST_DESCRIBE_STRUCT(KnownSkill, (), (name, category, level, evidence))

struct ResumeRequest {
    Career career;
    std::vector<LoggedEntry> entries;
    std::vector<KnownSkill> skills;
};
BOOST_DESCRIBE_STRUCT(ResumeRequest, (), (career, entries, skills))

enum class EvidenceKind : std::uint8_t { entry, position, profile };
BOOST_DESCRIBE_ENUM(EvidenceKind, entry, position, profile)

struct EvidenceReference {
    std::string id;
    EvidenceKind kind = EvidenceKind::entry;
};
BOOST_DESCRIBE_STRUCT(EvidenceReference, (), (id, kind))

struct ResumeLine {
    std::string text;
    std::vector<EvidenceReference> evidence;
};
BOOST_DESCRIBE_STRUCT(ResumeLine, (), (text, evidence))

struct ResumePosition {
    CareerPosition position;  // as declared; its highlights are among the bullets
    std::vector<ResumeLine> bullets;
};
BOOST_DESCRIBE_STRUCT(ResumePosition, (), (position, bullets))

struct ResumeProject {
    CareerProject project;  // as declared, or only named when it comes from the log ("Selected
                            // work" when unnamed)
    std::vector<ResumeLine> bullets;
};
BOOST_DESCRIBE_STRUCT(ResumeProject, (), (project, bullets))

struct ResumeSkill {
    std::string name;
    std::int64_t level = 0;
    std::vector<EvidenceReference> evidence;
};
BOOST_DESCRIBE_STRUCT(ResumeSkill, (), (name, level, evidence))

struct ResumeSkillGroup {
    std::string category;
    std::vector<ResumeSkill> skills;
};
BOOST_DESCRIBE_STRUCT(ResumeSkillGroup, (), (category, skills))

// Sections that nothing was generated for stay in `career` as declared; its work and projects are
// empty, because `work` and `projects` hold them.
struct ResumeDraft {
    Career career;
    std::optional<ResumeLine> summary;
    std::vector<ResumePosition> work;  // newest first
    std::vector<ResumeProject> projects;
    std::vector<ResumeSkillGroup> skills;  // strongest group first
};
BOOST_DESCRIBE_STRUCT(ResumeDraft, (), (career, summary, work, projects, skills))

// At most 6 bullets for the current or latest position, 4 for the next, 3 for older ones; 6
// projects of at most 3 bullets; 8 groups of at most 12 skills of level 1 or more. Only lines that
// begin with a verb of doing become bullets; housekeeping and things merely learned do not.
ResumeDraft compose_resume(const ResumeRequest& request);

// What lines may rest on: a position's declared text, and the career's basics and remaining
// sections (id "profile").
Evidence evidence_of(const CareerPosition& position);
Evidence evidence_of(const CareerProject& project);
Evidence profile_evidence(const Career& career);

}  // namespace afterresume::agents
