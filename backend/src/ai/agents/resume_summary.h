// The opening paragraph of a résumé, from facts that can be pointed at. Internal to the résumé
// composer.
#pragma once

#include "ai/agents/resume_composition.h"

namespace afterresume::agents {

// The declared summary as it stands; else one of title, employer, first year and strongest skills;
// nullopt when there is not enough to say.
std::optional<ResumeLine> resume_summary(const Career& career, const ResumeDraft& draft);

}  // namespace afterresume::agents
